package io.millrace.datastreams.lease.control;

import io.millrace.api.error.AwsError;
import io.millrace.datastreams.lease.call.LeaseCalls;
import io.millrace.datastreams.lease.call.LeaseLimits;
import io.millrace.datastreams.lease.table.LeaseTable;
import io.millrace.datastreams.lease.table.TableStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateGlobalSecondaryIndexAction;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexUpdate;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughput;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.UpdateGlobalSecondaryIndexAction;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableResponse;

/** UpdateTable: indexes, billing, protection. What it changes is ready at once. */
public final class TableUpdateCalls {
  private final TableStore store;
  private final InstantSource clock;
  private final SchemaCheck check;

  public TableUpdateCalls(TableStore store, LeaseLimits limits, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    this.check = new SchemaCheck(limits);
  }

  /** Registers the call. */
  public void register(LeaseCalls calls) {
    calls.add("UpdateTable", UpdateTableRequest::builder, (context, request) -> update(request));
  }

  private CompletionStage<SdkPojo> update(UpdateTableRequest request) {
    TableShapes.refuse(request.streamSpecification() != null, "A stream of a table");
    TableShapes.refuse(request.sseSpecification() != null, "A key of one's own for a table");
    TableShapes.refuse(request.hasReplicaUpdates(), "A replica of a table");
    if (request.billingMode() == null
        && request.provisionedThroughput() == null
        && !request.hasGlobalSecondaryIndexUpdates()
        && request.deletionProtectionEnabled() == null
        && request.tableClass() == null) {
      throw AwsError.VALIDATION.because(
          "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled,"
              + " GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates or TableClass"
              + " or DeletionProtectionEnabled is required");
    }
    return store.update(
        (view, changes) -> {
          LeaseTable before =
              view.find(request.tableName())
                  .orElseThrow(() -> TableCalls.notFound(request.tableName()));
          LeaseTable after = before.with(changed(before.description(), request));
          changes.put(after);
          return UpdateTableResponse.builder()
              .tableDescription(TableShapes.described(view, after))
              .build();
        });
  }

  private TableDescription changed(TableDescription before, UpdateTableRequest request) {
    TableDescription.Builder after = before.toBuilder();
    if (request.deletionProtectionEnabled() != null) {
      after.deletionProtectionEnabled(request.deletionProtectionEnabled());
    }
    if (request.tableClass() != null) {
      after.tableClassSummary(summary -> summary.tableClass(request.tableClass()));
    }
    if (request.billingMode() != null) {
      TableShapes.checkThroughput(request.billingMode(), request.provisionedThroughput(), "");
      after.billingModeSummary(
          summary ->
              summary
                  .billingMode(request.billingMode())
                  .lastUpdateToPayPerRequestDateTime(
                      request.billingMode() == BillingMode.PAY_PER_REQUEST
                          ? clock.instant()
                          : null));
      after.provisionedThroughput(TableShapes.throughput(request.provisionedThroughput()));
    } else if (request.provisionedThroughput() != null) {
      TableShapes.checkThroughput(mode(before), request.provisionedThroughput(), "");
      after.provisionedThroughput(TableShapes.throughput(request.provisionedThroughput()));
    }
    if (request.hasGlobalSecondaryIndexUpdates()) {
      indexes(before, after, request);
    }
    TableDescription changed = after.build();
    check.check(changed);
    return changed;
  }

  private static BillingMode mode(TableDescription table) {
    return table.billingModeSummary() == null
        ? BillingMode.PROVISIONED
        : table.billingModeSummary().billingMode();
  }

  private static void indexes(
      TableDescription before, TableDescription.Builder after, UpdateTableRequest request) {
    Map<String, GlobalSecondaryIndexDescription> indexes = new LinkedHashMap<>();
    before.globalSecondaryIndexes().forEach(index -> indexes.put(index.indexName(), index));
    Map<String, AttributeDefinition> definitions = new LinkedHashMap<>();
    before.attributeDefinitions().forEach(one -> definitions.put(one.attributeName(), one));
    for (AttributeDefinition one : request.attributeDefinitions()) {
      AttributeDefinition known = definitions.put(one.attributeName(), one);
      if (known != null && !known.equals(one)) {
        throw SchemaCheck.invalid(
            "Attribute %s is already defined with another type".formatted(one.attributeName()));
      }
    }
    for (GlobalSecondaryIndexUpdate update : request.globalSecondaryIndexUpdates()) {
      if (update.create() != null) {
        create(before, request, indexes, update.create());
      } else if (update.delete() != null) {
        if (indexes.remove(update.delete().indexName()) == null) {
          throw AwsError.RESOURCE_NOT_FOUND.because("Requested resource not found");
        }
      } else if (update.update() != null) {
        update(before, indexes, update.update());
      } else {
        throw SchemaCheck.invalid("An index update must create, update or delete an index");
      }
    }
    after.globalSecondaryIndexes(indexes.isEmpty() ? null : List.copyOf(indexes.values()));
    List<KeySchemaElement> used = new ArrayList<>(before.keySchema());
    indexes.values().forEach(index -> used.addAll(index.keySchema()));
    for (LocalSecondaryIndexDescription index : before.localSecondaryIndexes()) {
      used.addAll(index.keySchema());
    }
    // Definitions that only a removed index needed go with it.
    List<String> names = used.stream().map(KeySchemaElement::attributeName).toList();
    after.attributeDefinitions(
        definitions.values().stream().filter(one -> names.contains(one.attributeName())).toList());
  }

  private static void create(
      TableDescription before,
      UpdateTableRequest request,
      Map<String, GlobalSecondaryIndexDescription> indexes,
      CreateGlobalSecondaryIndexAction wanted) {
    BillingMode mode = request.billingMode() == null ? mode(before) : request.billingMode();
    ProvisionedThroughput throughput = wanted.provisionedThroughput();
    TableShapes.checkThroughput(mode, throughput, " for index: " + wanted.indexName());
    GlobalSecondaryIndexDescription index =
        TableShapes.global(
            before.tableArn(),
            wanted.indexName(),
            wanted.keySchema(),
            wanted.projection(),
            throughput);
    if (indexes.put(wanted.indexName(), index) != null) {
      throw AwsError.VALIDATION.because("Attempting to create an index which already exists");
    }
  }

  private static void update(
      TableDescription before,
      Map<String, GlobalSecondaryIndexDescription> indexes,
      UpdateGlobalSecondaryIndexAction wanted) {
    GlobalSecondaryIndexDescription index = indexes.get(wanted.indexName());
    if (index == null) {
      throw AwsError.RESOURCE_NOT_FOUND.because("Requested resource not found");
    }
    TableShapes.checkThroughput(
        mode(before), wanted.provisionedThroughput(), " for index: " + wanted.indexName());
    indexes.put(
        wanted.indexName(),
        index.toBuilder()
            .provisionedThroughput(TableShapes.throughput(wanted.provisionedThroughput()))
            .build());
  }
}
