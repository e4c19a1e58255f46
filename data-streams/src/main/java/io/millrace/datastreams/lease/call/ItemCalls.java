package io.millrace.datastreams.lease.call;

import io.millrace.api.error.AwsError;
import io.millrace.datastreams.lease.expression.Condition;
import io.millrace.datastreams.lease.expression.ExpressionKind;
import io.millrace.datastreams.lease.expression.LegacyForms;
import io.millrace.datastreams.lease.expression.Projection;
import io.millrace.datastreams.lease.expression.UpdateAction;
import io.millrace.datastreams.lease.table.ItemKey;
import io.millrace.datastreams.lease.table.LeaseTable;
import io.millrace.datastreams.lease.table.TableStore;
import io.millrace.datastreams.lease.table.TableView;
import io.millrace.datastreams.lease.value.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** Calls on one item. */
public final class ItemCalls {
  private final TableStore store;
  private final LeaseLimits limits;
  private final LeaseMetrics metrics;
  private final ItemWriter writer;
  private final ItemCheck check;

  public ItemCalls(TableStore store, LeaseLimits limits, LeaseMetrics metrics) {
    this.store = store;
    this.limits = limits;
    this.metrics = metrics;
    this.writer = new ItemWriter(limits, metrics);
    this.check = new ItemCheck(limits);
  }

  /** Registers the calls. */
  public void register(LeaseCalls calls) {
    calls.addRead("GetItem", GetItemRequest::builder, this::get);
    calls.add("PutItem", PutItemRequest::builder, (context, request) -> put(request));
    calls.add("DeleteItem", DeleteItemRequest::builder, (context, request) -> delete(request));
    calls.add("UpdateItem", UpdateItemRequest::builder, (context, request) -> update(request));
  }

  private SdkPojo get(TableView view, GetItemRequest request) {
    Expressions expressions =
        new Expressions(limits.expressions(), request.expressionAttributeNames());
    Optional<Projection> projection = expressions.projection(request.projectionExpression());
    List<String> older = request.hasAttributesToGet() ? List.of("AttributesToGet") : List.of();
    expressions.check(older, "ProjectionExpression is");
    if (request.hasAttributesToGet()) {
      projection = Optional.of(Expressions.ofAttributes(request.attributesToGet()));
    }
    LeaseTable table = view.table(request.tableName());
    Optional<Item> item = view.item(ItemKey.of(table, check.key(table, request.key())));
    GetItemResponse.Builder response = GetItemResponse.builder();
    if (item.isPresent()) {
      metrics.itemsRead.increment();
      Map<String, AttributeValue> attributes = item.get().attributes();
      response.item(projection.isPresent() ? projection.get().of(attributes) : attributes);
    }
    return response
        .consumedCapacity(
            Capacity.ofRead(
                request.returnConsumedCapacity(),
                request.tableName(),
                item.map(Item::sizeBytes).orElse(0),
                Boolean.TRUE.equals(request.consistentRead())))
        .build();
  }

  private CompletionStage<SdkPojo> put(PutItemRequest request) {
    checkReturns(request.returnValues());
    Expressions expressions =
        new Expressions(
            limits.expressions(),
            request.expressionAttributeNames(),
            request.expressionAttributeValues());
    Optional<Condition> condition =
        expressions.condition(ExpressionKind.CONDITION, request.conditionExpression());
    expressions.check(
        older(request.hasExpected(), request.conditionalOperatorAsString()),
        "ConditionExpression is");
    if (request.hasExpected() || request.conditionalOperator() != null) {
      condition = LegacyForms.expected(request.expected(), request.conditionalOperator());
    }
    ItemWrite write =
        new ItemWrite(
            request.tableName(),
            request.item(),
            condition,
            showsItem(request.returnValuesOnConditionCheckFailure()),
            new ItemWrite.Put());
    return store
        .update((view, changes) -> writer.write(view, changes, write))
        .thenApply(
            written ->
                PutItemResponse.builder()
                    .attributes(old(request.returnValues(), written))
                    .consumedCapacity(
                        Capacity.ofWrite(
                            request.returnConsumedCapacity(),
                            request.tableName(),
                            written.sizeBytes()))
                    .build());
  }

  private CompletionStage<SdkPojo> delete(DeleteItemRequest request) {
    checkReturns(request.returnValues());
    Expressions expressions =
        new Expressions(
            limits.expressions(),
            request.expressionAttributeNames(),
            request.expressionAttributeValues());
    Optional<Condition> condition =
        expressions.condition(ExpressionKind.CONDITION, request.conditionExpression());
    expressions.check(
        older(request.hasExpected(), request.conditionalOperatorAsString()),
        "ConditionExpression is");
    if (request.hasExpected() || request.conditionalOperator() != null) {
      condition = LegacyForms.expected(request.expected(), request.conditionalOperator());
    }
    ItemWrite write =
        new ItemWrite(
            request.tableName(),
            request.key(),
            condition,
            showsItem(request.returnValuesOnConditionCheckFailure()),
            new ItemWrite.Delete());
    return store
        .update((view, changes) -> writer.write(view, changes, write))
        .thenApply(
            written ->
                DeleteItemResponse.builder()
                    .attributes(old(request.returnValues(), written))
                    .consumedCapacity(
                        Capacity.ofWrite(
                            request.returnConsumedCapacity(),
                            request.tableName(),
                            written.sizeBytes()))
                    .build());
  }

  private static List<String> older(boolean hasExpected, @Nullable String operator) {
    List<String> older = new ArrayList<>();
    if (hasExpected) {
      older.add("Expected");
    }
    if (operator != null) {
      older.add("ConditionalOperator");
    }
    return older;
  }

  static boolean showsItem(@Nullable ReturnValuesOnConditionCheckFailure asked) {
    return asked == ReturnValuesOnConditionCheckFailure.ALL_OLD;
  }

  private static void checkReturns(@Nullable ReturnValue returns) {
    if (returns != null && returns != ReturnValue.NONE && returns != ReturnValue.ALL_OLD) {
      throw AwsError.VALIDATION.because("Return values set to invalid value");
    }
  }

  private static @Nullable Map<String, AttributeValue> old(
      @Nullable ReturnValue returns, ItemWriter.Written written) {
    return returns == ReturnValue.ALL_OLD
        ? written.before().map(Item::attributes).orElse(null)
        : null;
  }

  private CompletionStage<SdkPojo> update(UpdateItemRequest request) {
    Expressions expressions =
        new Expressions(
            limits.expressions(),
            request.expressionAttributeNames(),
            request.expressionAttributeValues());
    List<UpdateAction> actions =
        expressions
            .update(request.updateExpression())
            .orElseGet(() -> LegacyForms.updates(request.attributeUpdates()));
    Optional<Condition> condition =
        expressions.condition(ExpressionKind.CONDITION, request.conditionExpression());
    List<String> older = older(request.hasExpected(), request.conditionalOperatorAsString());
    if (request.hasAttributeUpdates()) {
      older.addFirst("AttributeUpdates");
    }
    expressions.check(older, "UpdateExpression and ConditionExpression are");
    if (request.hasExpected() || request.conditionalOperator() != null) {
      condition = LegacyForms.expected(request.expected(), request.conditionalOperator());
    }
    ItemWrite write =
        new ItemWrite(
            request.tableName(),
            request.key(),
            condition,
            showsItem(request.returnValuesOnConditionCheckFailure()),
            new ItemWrite.Update(actions));
    return store
        .update((view, changes) -> writer.write(view, changes, write))
        .thenApply(
            written ->
                UpdateItemResponse.builder()
                    .attributes(returned(request.returnValues(), actions, written))
                    .consumedCapacity(
                        Capacity.ofWrite(
                            request.returnConsumedCapacity(),
                            request.tableName(),
                            written.sizeBytes()))
                    .build());
  }

  private static @Nullable Map<String, AttributeValue> returned(
      @Nullable ReturnValue returns, List<UpdateAction> actions, ItemWriter.Written written) {
    if (returns == null || returns == ReturnValue.NONE) {
      return null;
    }
    boolean isOld = returns == ReturnValue.ALL_OLD || returns == ReturnValue.UPDATED_OLD;
    Optional<Item> item = isOld ? written.before() : written.after();
    if (item.isEmpty()) {
      return null;
    }
    Map<String, AttributeValue> all = item.get().attributes();
    if (returns == ReturnValue.ALL_OLD || returns == ReturnValue.ALL_NEW) {
      return all;
    }
    Map<String, AttributeValue> changed =
        new Projection(actions.stream().map(UpdateAction::path).toList()).of(all);
    return changed.isEmpty() ? null : changed;
  }
}
