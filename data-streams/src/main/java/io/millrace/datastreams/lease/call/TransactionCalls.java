package io.millrace.datastreams.lease.call;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.datastreams.lease.expression.ExpressionKind;
import io.millrace.datastreams.lease.expression.Projection;
import io.millrace.datastreams.lease.table.Changes;
import io.millrace.datastreams.lease.table.ItemKey;
import io.millrace.datastreams.lease.table.LeaseTable;
import io.millrace.datastreams.lease.table.TableStore;
import io.millrace.datastreams.lease.table.TableView;
import io.millrace.datastreams.lease.value.Item;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Get;
import software.amazon.awssdk.services.dynamodb.model.ItemResponse;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.Update;

/** Many items read or written as one. */
public final class TransactionCalls {
  private final TableStore store;
  private final LeaseLimits limits;
  private final LeaseMetrics metrics;
  private final ItemWriter writer;
  private final ItemCheck check;
  private final TransactionTokens tokens;

  public TransactionCalls(TableStore store, LeaseLimits limits, LeaseMetrics metrics) {
    this.store = store;
    this.limits = limits;
    this.metrics = metrics;
    this.writer = new ItemWriter(limits, metrics);
    this.check = new ItemCheck(limits);
    this.tokens =
        new TransactionTokens(limits.transactionTokenLife(), limits.maxTransactionTokens());
  }

  /** Registers the calls. */
  public void register(LeaseCalls calls) {
    calls.add(
        "TransactGetItems", TransactGetItemsRequest::builder, (context, request) -> get(request));
    calls.add(
        "TransactWriteItems",
        TransactWriteItemsRequest::builder,
        (context, request) -> write(request));
  }

  private CompletionStage<SdkPojo> get(TransactGetItemsRequest request) {
    // As an update that changes nothing it stands between the writes of others.
    return store.update(
        (view, changes) -> {
          List<ItemResponse> items = new ArrayList<>();
          Set<ItemKey> seen = new HashSet<>();
          long bytes = 0;
          for (TransactGetItem one : request.transactItems()) {
            Get get = one.get();
            LeaseTable table = view.table(get.tableName());
            Optional<Projection> projection = projection(get);
            ItemKey key = ItemKey.of(table, check.key(table, get.key()));
            if (!seen.add(key)) {
              throw twice();
            }
            Optional<Item> item = view.item(key);
            bytes += item.map(Item::sizeBytes).orElse(0);
            checkBytes(bytes);
            ItemResponse.Builder response = ItemResponse.builder();
            item.map(Item::attributes)
                .map(all -> projection.isPresent() ? projection.get().of(all) : all)
                .ifPresent(response::item);
            items.add(response.build());
          }
          metrics.itemsRead.add(items.size());
          return TransactGetItemsResponse.builder().responses(items).build();
        });
  }

  private Optional<Projection> projection(Get get) {
    Expressions expressions = new Expressions(limits.expressions(), get.expressionAttributeNames());
    Optional<Projection> projection = expressions.projection(get.projectionExpression());
    expressions.check(List.of(), "ProjectionExpression is");
    return projection;
  }

  private static AwsException twice() {
    return AwsError.VALIDATION.because(
        "Transaction request cannot include multiple operations on one item");
  }

  private void checkBytes(long bytes) {
    if (bytes > limits.maxTransactionBytes()) {
      throw AwsError.VALIDATION.because(
          "The items of a transaction have more than %d bytes"
              .formatted(limits.maxTransactionBytes()));
    }
  }

  private CompletionStage<SdkPojo> write(TransactWriteItemsRequest request) {
    List<ItemWrite> writes = request.transactItems().stream().map(this::write).toList();
    String token = request.clientRequestToken();
    return token == null
        ? write(writes)
        : tokens.once(token, request.transactItems(), System.nanoTime(), () -> write(writes));
  }

  private CompletionStage<SdkPojo> write(List<ItemWrite> writes) {
    return store
        .update((view, changes) -> all(view, changes, writes))
        .thenApply(done -> TransactWriteItemsResponse.builder().build());
  }

  private boolean all(TableView view, Changes changes, List<ItemWrite> writes) {
    Set<ItemKey> seen = new HashSet<>();
    for (ItemWrite write : writes) {
      if (!seen.add(writer.key(view, write))) {
        throw twice();
      }
    }
    List<CancellationReason> reasons = new ArrayList<>();
    boolean refused = false;
    long bytes = 0;
    for (ItemWrite write : writes) {
      try {
        bytes += writer.write(view, changes, write).sizeBytes();
        reasons.add(CancellationReason.builder().code("None").build());
      } catch (AwsException e) {
        refused = true;
        reasons.add(reason(e));
      }
    }
    checkBytes(bytes);
    if (refused) {
      metrics.transactionsCancelled.increment();
      String codes =
          reasons.stream().map(CancellationReason::code).collect(Collectors.joining(", "));
      throw AwsError.TRANSACTION_CANCELED
          .because(
              "Transaction cancelled, please refer cancellation reasons for specific reasons ["
                  + codes
                  + "]")
          .with("CancellationReasons", reasons);
    }
    return true;
  }

  @SuppressWarnings("unchecked") // The member is put there by ItemWriter.
  private static CancellationReason reason(AwsException refused) {
    String code =
        switch (refused.error()) {
          case CONDITIONAL_CHECK_FAILED -> "ConditionalCheckFailed";
          case VALIDATION -> "ValidationError";
          default -> refused.error().shape().replace("Exception", "");
        };
    CancellationReason.Builder reason =
        CancellationReason.builder().code(code).message(refused.clientMessage());
    if (refused.members().get("Item") instanceof Map<?, ?> item) {
      reason.item((Map<String, AttributeValue>) item);
    }
    return reason.build();
  }

  private ItemWrite write(TransactWriteItem item) {
    List<Object> given = new ArrayList<>();
    for (Object one :
        new @Nullable Object[] {item.put(), item.update(), item.delete(), item.conditionCheck()}) {
      if (one != null) {
        given.add(one);
      }
    }
    if (given.size() != 1) {
      throw AwsError.VALIDATION.because(
          "TransactItems can only contain one of Check, Put, Update or Delete");
    }
    return switch (given.getFirst()) {
      case Put put ->
          write(
              put.tableName(),
              put.item(),
              put.conditionExpression(),
              new Expressions(
                  limits.expressions(),
                  put.expressionAttributeNames(),
                  put.expressionAttributeValues()),
              put.returnValuesOnConditionCheckFailure(),
              new ItemWrite.Put());
      case Delete delete ->
          write(
              delete.tableName(),
              delete.key(),
              delete.conditionExpression(),
              new Expressions(
                  limits.expressions(),
                  delete.expressionAttributeNames(),
                  delete.expressionAttributeValues()),
              delete.returnValuesOnConditionCheckFailure(),
              new ItemWrite.Delete());
      case ConditionCheck looked ->
          write(
              looked.tableName(),
              looked.key(),
              looked.conditionExpression(),
              new Expressions(
                  limits.expressions(),
                  looked.expressionAttributeNames(),
                  looked.expressionAttributeValues()),
              looked.returnValuesOnConditionCheckFailure(),
              new ItemWrite.Check());
      default -> write(item.update());
    };
  }

  private ItemWrite write(Update update) {
    Expressions expressions =
        new Expressions(
            limits.expressions(),
            update.expressionAttributeNames(),
            update.expressionAttributeValues());
    return write(
        update.tableName(),
        update.key(),
        update.conditionExpression(),
        expressions,
        update.returnValuesOnConditionCheckFailure(),
        new ItemWrite.Update(expressions.update(update.updateExpression()).orElseThrow()));
  }

  private static ItemWrite write(
      String table,
      Map<String, AttributeValue> attributes,
      @Nullable String condition,
      Expressions expressions,
      @Nullable ReturnValuesOnConditionCheckFailure returns,
      ItemWrite.Action action) {
    var parsed = expressions.condition(ExpressionKind.CONDITION, condition);
    expressions.check(List.of(), "ConditionExpression is");
    return new ItemWrite(table, attributes, parsed, ItemCalls.showsItem(returns), action);
  }
}
