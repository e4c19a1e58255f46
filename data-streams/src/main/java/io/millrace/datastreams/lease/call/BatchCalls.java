package io.millrace.datastreams.lease.call;

import io.millrace.api.error.AwsError;
import io.millrace.datastreams.lease.expression.Projection;
import io.millrace.datastreams.lease.table.ItemKey;
import io.millrace.datastreams.lease.table.LeaseTable;
import io.millrace.datastreams.lease.table.TableStore;
import io.millrace.datastreams.lease.table.TableView;
import io.millrace.datastreams.lease.value.Item;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Many items in one call. A batch of writes is done as a whole here. */
public final class BatchCalls {
  private static final int MAX_READS = 100;
  private static final int MAX_WRITES = 25;
  private static final int PAGES_PER_BATCH = 16;

  private final TableStore store;
  private final LeaseLimits limits;
  private final LeaseMetrics metrics;
  private final ItemWriter writer;
  private final ItemCheck check;

  public BatchCalls(TableStore store, LeaseLimits limits, LeaseMetrics metrics) {
    this.store = store;
    this.limits = limits;
    this.metrics = metrics;
    this.writer = new ItemWriter(limits, metrics);
    this.check = new ItemCheck(limits);
  }

  /** Registers the calls. */
  public void register(LeaseCalls calls) {
    calls.addRead("BatchGetItem", BatchGetItemRequest::builder, this::get);
    calls.add(
        "BatchWriteItem", BatchWriteItemRequest::builder, (context, request) -> write(request));
  }

  private SdkPojo get(TableView view, BatchGetItemRequest request) {
    int wanted = request.requestItems().values().stream().mapToInt(k -> k.keys().size()).sum();
    if (wanted > MAX_READS) {
      throw AwsError.VALIDATION.because("Too many items requested for the BatchGetItem call");
    }
    Map<String, List<Map<String, AttributeValue>>> found = new LinkedHashMap<>();
    Map<String, KeysAndAttributes> unprocessed = new LinkedHashMap<>();
    List<ConsumedCapacity> consumed = new ArrayList<>();
    long left = (long) limits.maxPageBytes() * PAGES_PER_BATCH;
    for (Map.Entry<String, KeysAndAttributes> entry : request.requestItems().entrySet()) {
      LeaseTable table = view.table(entry.getKey());
      KeysAndAttributes asked = entry.getValue();
      Optional<Projection> projection = projection(asked);
      List<Map<String, AttributeValue>> items = new ArrayList<>();
      List<Map<String, AttributeValue>> later = new ArrayList<>();
      long bytes = 0;
      Set<ItemKey> seen = new HashSet<>();
      for (Map<String, AttributeValue> given : asked.keys()) {
        ItemKey key = ItemKey.of(table, check.key(table, given));
        if (!seen.add(key)) {
          throw AwsError.VALIDATION.because("Provided list of item keys contains duplicates");
        }
        Optional<Item> item = view.item(key);
        int size = item.map(Item::sizeBytes).orElse(0);
        if (size > left) {
          later.add(given);
          continue;
        }
        left -= size;
        bytes += size;
        item.map(Item::attributes)
            .map(all -> projection.isPresent() ? projection.get().of(all) : all)
            .ifPresent(items::add);
      }
      metrics.itemsRead.add(items.size());
      found.put(table.name(), items);
      if (!later.isEmpty()) {
        unprocessed.put(table.name(), asked.toBuilder().keys(later).build());
      }
      ConsumedCapacity capacity =
          Capacity.ofRead(
              request.returnConsumedCapacity(),
              table.name(),
              bytes,
              Boolean.TRUE.equals(asked.consistentRead()));
      if (capacity != null) {
        consumed.add(capacity);
      }
    }
    BatchGetItemResponse.Builder response =
        BatchGetItemResponse.builder().responses(found).unprocessedKeys(unprocessed);
    return (consumed.isEmpty() ? response : response.consumedCapacity(consumed)).build();
  }

  private Optional<Projection> projection(KeysAndAttributes asked) {
    Expressions expressions =
        new Expressions(limits.expressions(), asked.expressionAttributeNames());
    Optional<Projection> projection = expressions.projection(asked.projectionExpression());
    List<String> older = asked.hasAttributesToGet() ? List.of("AttributesToGet") : List.of();
    expressions.check(older, "ProjectionExpression is");
    return asked.hasAttributesToGet()
        ? Optional.of(Expressions.ofAttributes(asked.attributesToGet()))
        : projection;
  }

  private CompletionStage<SdkPojo> write(BatchWriteItemRequest request) {
    int wanted = request.requestItems().values().stream().mapToInt(List::size).sum();
    if (wanted > MAX_WRITES) {
      throw AwsError.VALIDATION.because("Too many items requested for the BatchWriteItem call");
    }
    Map<String, List<ItemWrite>> writes = new LinkedHashMap<>();
    request
        .requestItems()
        .forEach(
            (table, given) ->
                writes.put(table, given.stream().map(one -> write(table, one)).toList()));
    return store
        .update(
            (view, changes) -> {
              Map<String, Long> bytes = new LinkedHashMap<>();
              Set<ItemKey> seen = new HashSet<>();
              writes.forEach(
                  (table, ofTable) -> {
                    long size = 0;
                    for (ItemWrite write : ofTable) {
                      ItemWriter.Written written = writer.write(view, changes, write);
                      if (!seen.add(written.key())) {
                        throw AwsError.VALIDATION.because(
                            "Provided list of item keys contains duplicates");
                      }
                      size += written.sizeBytes();
                    }
                    bytes.put(table, size);
                  });
              return bytes;
            })
        .thenApply(bytes -> written(request, bytes));
  }

  private static SdkPojo written(BatchWriteItemRequest request, Map<String, Long> bytes) {
    List<ConsumedCapacity> consumed = new ArrayList<>();
    bytes.forEach(
        (table, size) -> {
          ConsumedCapacity capacity =
              Capacity.ofWrite(request.returnConsumedCapacity(), table, size);
          if (capacity != null) {
            consumed.add(capacity);
          }
        });
    BatchWriteItemResponse.Builder response =
        BatchWriteItemResponse.builder().unprocessedItems(Map.of());
    return (consumed.isEmpty() ? response : response.consumedCapacity(consumed)).build();
  }

  private static ItemWrite write(String table, WriteRequest request) {
    boolean puts = request.putRequest() != null;
    if (puts == (request.deleteRequest() != null)) {
      throw AwsError.VALIDATION.because(
          "Supplied AttributeValue has more than one datatypes set, must contain exactly one of"
              + " the supported datatypes");
    }
    return new ItemWrite(
        table,
        puts ? request.putRequest().item() : request.deleteRequest().key(),
        Optional.empty(),
        false,
        puts ? new ItemWrite.Put() : new ItemWrite.Delete());
  }
}
