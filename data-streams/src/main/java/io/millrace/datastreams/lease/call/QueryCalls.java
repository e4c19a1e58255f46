package io.millrace.datastreams.lease.call;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.datastreams.lease.expression.Condition;
import io.millrace.datastreams.lease.expression.ExpressionKind;
import io.millrace.datastreams.lease.expression.KeyCondition;
import io.millrace.datastreams.lease.expression.LegacyForms;
import io.millrace.datastreams.lease.expression.Projection;
import io.millrace.datastreams.lease.table.IndexSchema;
import io.millrace.datastreams.lease.table.ItemKey;
import io.millrace.datastreams.lease.table.KeySchema;
import io.millrace.datastreams.lease.table.LeaseTable;
import io.millrace.datastreams.lease.table.TableView;
import io.millrace.datastreams.lease.value.Item;
import io.millrace.datastreams.lease.value.Values;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.Select;

/** Reading the items of one hash key of a table or an index, in the order of the range key. */
public final class QueryCalls {
  private final LeaseLimits limits;
  private final LeaseMetrics metrics;

  /** Where an item stands among those of its hash key. */
  private record Place(Optional<AttributeValue> range, ItemKey key) {
    static final Comparator<Place> ORDER =
        Comparator.comparing(
                Place::range,
                (a, b) -> a.isPresent() && b.isPresent() ? Values.compare(a.get(), b.get()) : 0)
            .thenComparing(place -> place.key().name());

    static Place of(KeySchema key, Map<String, AttributeValue> attributes, ItemKey itemKey) {
      return new Place(key.range().map(range -> attributes.get(range.name())), itemKey);
    }
  }

  /** What a request asks for. */
  private record Wanted(PageRequest page, KeyCondition condition) {}

  public QueryCalls(LeaseLimits limits, LeaseMetrics metrics) {
    this.limits = limits;
    this.metrics = metrics;
  }

  /** Registers the call. */
  public void register(LeaseCalls calls) {
    calls.addLongRead("Query", QueryRequest::builder, this::query);
  }

  private SdkPojo query(TableView view, QueryRequest request) {
    Wanted wanted = wanted(view, request);
    PageRequest shown = wanted.page();
    KeySchema key = shown.index().map(IndexSchema::key).orElse(shown.table().key());
    Comparator<Place> order =
        Boolean.FALSE.equals(request.scanIndexForward()) ? Place.ORDER.reversed() : Place.ORDER;
    Optional<Place> start =
        request.hasExclusiveStartKey() && !request.exclusiveStartKey().isEmpty()
            ? Optional.of(start(wanted, key, request.exclusiveStartKey()))
            : Optional.empty();
    Stream<TableView.Placed> items =
        found(view, wanted, key)
            .map(placed -> Map.entry(placeOf(key, placed), placed))
            .filter(entry -> start.isEmpty() || order.compare(entry.getKey(), start.get()) > 0)
            .sorted(Map.Entry.comparingByKey(order))
            .map(Map.Entry::getValue);
    Page page = Page.read(shown, items, limits.maxPageBytes());
    metrics.itemsScanned.add(page.scanned());
    metrics.itemsRead.add(page.items().size());
    QueryResponse.Builder response =
        QueryResponse.builder().count(page.count()).scannedCount(page.scanned());
    if (!shown.countOnly()) {
      response.items(page.items());
    }
    page.lastKey().ifPresent(response::lastEvaluatedKey);
    return response
        .consumedCapacity(
            Capacity.ofRead(
                request.returnConsumedCapacity(),
                request.tableName(),
                page.bytes(),
                Boolean.TRUE.equals(request.consistentRead())))
        .build();
  }

  private static Place placeOf(KeySchema key, TableView.Placed placed) {
    return Place.of(key, placed.item().attributes(), placed.key());
  }

  private static Place start(Wanted wanted, KeySchema key, Map<String, AttributeValue> given) {
    PageRequest page = wanted.page();
    StartKey start = StartKey.of(page.table(), page.index(), given);
    AttributeValue hash = start.values().get(key.hash().name());
    if (!wanted.condition().hash().equals(hash)) {
      throw AwsError.VALIDATION.because(
          "The provided starting key is outside query boundaries based on provided conditions");
    }
    return Place.of(key, start.values(), start.key());
  }

  private static Stream<TableView.Placed> found(TableView view, Wanted wanted, KeySchema key) {
    KeyCondition condition = wanted.condition();
    LeaseTable table = wanted.page().table();
    Stream<TableView.Placed> all =
        wanted.page().index().isEmpty()
            ? view.ofHash(table, condition.hash())
            : view.items(table)
                .filter(
                    placed -> {
                      Item item = placed.item();
                      return key.isIn(item.attributes())
                          && condition.hash().equals(item.attributes().get(key.hash().name()));
                    });
    return condition
        .range()
        .map(range -> all.filter(placed -> range.holds(placed.item().attributes())))
        .orElse(all);
  }

  private Wanted wanted(TableView view, QueryRequest request) {
    Expressions expressions =
        new Expressions(
            limits.expressions(),
            request.expressionAttributeNames(),
            request.expressionAttributeValues());
    Optional<Condition> keys =
        expressions.condition(ExpressionKind.KEY_CONDITION, request.keyConditionExpression());
    Optional<Condition> filter =
        expressions.condition(ExpressionKind.FILTER, request.filterExpression());
    Optional<Projection> projection = expressions.projection(request.projectionExpression());
    expressions.check(
        older(request), "KeyConditionExpression, FilterExpression and ProjectionExpression are");
    if (request.hasKeyConditions()) {
      keys = LegacyForms.conditions(request.keyConditions(), null);
    }
    if (request.hasQueryFilter() || request.conditionalOperator() != null) {
      filter = LegacyForms.conditions(request.queryFilter(), request.conditionalOperator());
    }
    if (request.hasAttributesToGet()) {
      projection = Optional.of(Expressions.ofAttributes(request.attributesToGet()));
    }
    LeaseTable table = view.table(request.tableName());
    Optional<IndexSchema> index = Optional.ofNullable(request.indexName()).map(table::index);
    KeySchema key = index.map(IndexSchema::key).orElse(table.key());
    KeyCondition condition =
        KeyCondition.of(keys.orElseThrow(QueryCalls::noKeys), key.hash(), key.range());
    filter.ifPresent(given -> refuseKeys(given, key));
    PageRequest page =
        new PageRequest(
            table,
            index,
            filter,
            projection,
            request.select() == Select.COUNT,
            request.limit() == null ? 0 : request.limit());
    page.check(request.select(), Boolean.TRUE.equals(request.consistentRead()));
    return new Wanted(page, condition);
  }

  private static AwsException noKeys() {
    return AwsError.VALIDATION.because(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the"
            + " request.");
  }

  private static void refuseKeys(Condition filter, KeySchema key) {
    for (String name : filter.attributes()) {
      if (key.names().contains(name)) {
        throw AwsError.VALIDATION.because(
            "Filter Expression can only contain non-primary key attributes: Primary key"
                + " attribute: "
                + name);
      }
    }
  }

  private static List<String> older(QueryRequest request) {
    List<String> older = new ArrayList<>();
    if (request.hasKeyConditions()) {
      older.add("KeyConditions");
    }
    if (request.hasQueryFilter()) {
      older.add("QueryFilter");
    }
    if (request.hasAttributesToGet()) {
      older.add("AttributesToGet");
    }
    if (request.conditionalOperator() != null) {
      older.add("ConditionalOperator");
    }
    return older;
  }
}
