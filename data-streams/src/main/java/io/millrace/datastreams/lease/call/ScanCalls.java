package io.millrace.datastreams.lease.call;

import io.millrace.api.error.AwsError;
import io.millrace.datastreams.lease.expression.Condition;
import io.millrace.datastreams.lease.expression.ExpressionKind;
import io.millrace.datastreams.lease.expression.LegacyForms;
import io.millrace.datastreams.lease.expression.Projection;
import io.millrace.datastreams.lease.table.IndexSchema;
import io.millrace.datastreams.lease.table.ItemKey;
import io.millrace.datastreams.lease.table.LeaseTable;
import io.millrace.datastreams.lease.table.TableView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.Select;

/** Reading all items of a table or an index, in pages and segments. */
public final class ScanCalls {
  private final LeaseLimits limits;
  private final LeaseMetrics metrics;

  public ScanCalls(LeaseLimits limits, LeaseMetrics metrics) {
    this.limits = limits;
    this.metrics = metrics;
  }

  /** Registers the call. */
  public void register(LeaseCalls calls) {
    calls.addLongRead("Scan", ScanRequest::builder, this::scan);
  }

  private SdkPojo scan(TableView view, ScanRequest request) {
    checkSegments(request);
    PageRequest wanted = wanted(view, request);
    LeaseTable table = wanted.table();
    int segments = request.totalSegments() == null ? 1 : request.totalSegments();
    int segment = request.segment() == null ? 0 : request.segment();
    String from = ItemKey.segmentStart(table, segment, segments);
    String to = ItemKey.segmentStart(table, segment + 1, segments);
    boolean resumes = request.hasExclusiveStartKey() && !request.exclusiveStartKey().isEmpty();
    if (resumes) {
      String start = StartKey.of(table, wanted.index(), request.exclusiveStartKey()).key().name();
      if (start.compareTo(from) < 0 || start.compareTo(to) >= 0) {
        throw AwsError.VALIDATION.because(
            "The provided starting key is invalid: Exclusive start key must lie within the"
                + " segment");
      }
      from = start;
    }
    Stream<TableView.Placed> items =
        view.between(from, !resumes, to)
            .filter(
                placed ->
                    wanted.index().isEmpty()
                        || wanted.index().get().key().isIn(placed.item().attributes()));
    Page page = Page.read(wanted, items, limits.maxPageBytes());
    metrics.itemsScanned.add(page.scanned());
    metrics.itemsRead.add(page.items().size());
    ScanResponse.Builder response =
        ScanResponse.builder().count(page.count()).scannedCount(page.scanned());
    if (!wanted.countOnly()) {
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

  private static void checkSegments(ScanRequest request) {
    Integer segment = request.segment();
    Integer total = request.totalSegments();
    if (segment == null && total == null) {
      return;
    }
    if (total == null) {
      throw AwsError.VALIDATION.because(
          "The TotalSegments parameter is required but was not present in the request when Segment"
              + " parameter is present");
    }
    if (segment == null) {
      throw AwsError.VALIDATION.because(
          "The Segment parameter is required but was not present in the request when parameter"
              + " TotalSegments is present");
    }
    if (segment >= total) {
      throw AwsError.VALIDATION.because(
          "The Segment parameter is zero-based and must be less than parameter TotalSegments:"
              + " Segment: %d is not less than TotalSegments: %d".formatted(segment, total));
    }
  }

  private PageRequest wanted(TableView view, ScanRequest request) {
    Expressions expressions =
        new Expressions(
            limits.expressions(),
            request.expressionAttributeNames(),
            request.expressionAttributeValues());
    Optional<Condition> filter =
        expressions.condition(ExpressionKind.FILTER, request.filterExpression());
    Optional<Projection> projection = expressions.projection(request.projectionExpression());
    List<String> older = new ArrayList<>();
    if (request.hasScanFilter()) {
      older.add("ScanFilter");
    }
    if (request.hasAttributesToGet()) {
      older.add("AttributesToGet");
    }
    if (request.conditionalOperator() != null) {
      older.add("ConditionalOperator");
    }
    expressions.check(older, "FilterExpression and ProjectionExpression are");
    if (request.hasScanFilter() || request.conditionalOperator() != null) {
      filter = LegacyForms.conditions(request.scanFilter(), request.conditionalOperator());
    }
    if (request.hasAttributesToGet()) {
      projection = Optional.of(Expressions.ofAttributes(request.attributesToGet()));
    }
    LeaseTable table = view.table(request.tableName());
    Optional<IndexSchema> index = Optional.ofNullable(request.indexName()).map(table::index);
    PageRequest wanted =
        new PageRequest(
            table,
            index,
            filter,
            projection,
            request.select() == Select.COUNT,
            request.limit() == null ? 0 : request.limit());
    wanted.check(request.select(), Boolean.TRUE.equals(request.consistentRead()));
    return wanted;
  }
}
