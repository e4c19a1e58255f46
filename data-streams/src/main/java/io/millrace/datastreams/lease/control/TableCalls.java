package io.millrace.datastreams.lease.control;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.datastreams.lease.call.LeaseCalls;
import io.millrace.datastreams.lease.call.LeaseLimits;
import io.millrace.datastreams.lease.table.Changes;
import io.millrace.datastreams.lease.table.LeaseTable;
import io.millrace.datastreams.lease.table.TableStore;
import io.millrace.datastreams.lease.table.TableView;
import io.millrace.datastreams.stream.Account;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.BillingModeSummary;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.CreateTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.ListTablesRequest;
import software.amazon.awssdk.services.dynamodb.model.ListTablesResponse;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.TableClassSummary;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.Tag;

/** Calls that make, show and remove tables, which are ready at once. */
public final class TableCalls {
  private static final int DEFAULT_LIST = 100;

  private final TableStore store;
  private final LeaseLimits limits;
  private final Account account;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final SchemaCheck check;

  /**
   * @param random makes the ids of tables
   */
  public TableCalls(
      TableStore store,
      LeaseLimits limits,
      Account account,
      InstantSource clock,
      RandomGenerator random) {
    this.store = store;
    this.limits = limits;
    this.account = account;
    this.clock = clock;
    this.random = random;
    this.check = new SchemaCheck(limits);
  }

  /** Registers the calls. */
  public void register(LeaseCalls calls) {
    calls.add("CreateTable", CreateTableRequest::builder, (context, request) -> create(request));
    calls.addLongRead("DescribeTable", DescribeTableRequest::builder, TableCalls::describe);
    calls.add("DeleteTable", DeleteTableRequest::builder, (context, request) -> delete(request));
    calls.addRead("ListTables", ListTablesRequest::builder, TableCalls::list);
  }

  private CompletionStage<SdkPojo> create(CreateTableRequest request) {
    TableShapes.refuse(
        request.streamSpecification() != null && request.streamSpecification().streamEnabled(),
        "A stream of a table");
    TableShapes.refuse(
        request.sseSpecification() != null
            && Boolean.TRUE.equals(request.sseSpecification().enabled()),
        "A key of one's own for a table");
    LeaseTable table = table(request);
    check.check(table.description());
    return store.update(
        (view, changes) -> {
          if (view.find(table.name()).isPresent()) {
            throw AwsError.RESOURCE_IN_USE.because("Table already exists: " + table.name());
          }
          if (view.tableNames().size() >= limits.maxTables() || view.count() >= limits.maxItems()) {
            throw AwsError.LIMIT_EXCEEDED.because(
                "This server keeps at most %d tables with %d items together"
                    .formatted(limits.maxTables(), limits.maxItems()));
          }
          changes.put(table);
          return CreateTableResponse.builder()
              .tableDescription(TableShapes.described(view, table))
              .build();
        });
  }

  private LeaseTable table(CreateTableRequest request) {
    BillingMode mode = request.billingMode();
    TableShapes.checkThroughput(mode, request.provisionedThroughput(), "");
    String arn = TableArn.of(account, request.tableName());
    TableDescription.Builder description =
        TableDescription.builder()
            .tableName(request.tableName())
            .tableArn(arn)
            .tableId(new UUID(random.nextLong(), random.nextLong()).toString())
            .tableStatus(TableStatus.ACTIVE)
            .creationDateTime(clock.instant())
            .attributeDefinitions(request.attributeDefinitions())
            .keySchema(request.keySchema())
            .deletionProtectionEnabled(Boolean.TRUE.equals(request.deletionProtectionEnabled()))
            .provisionedThroughput(TableShapes.throughput(request.provisionedThroughput()));
    if (mode == BillingMode.PAY_PER_REQUEST) {
      description.billingModeSummary(billing(mode));
    }
    if (request.tableClass() != null) {
      description.tableClassSummary(
          TableClassSummary.builder().tableClass(request.tableClass()).build());
    }
    if (request.hasGlobalSecondaryIndexes()) {
      description.globalSecondaryIndexes(
          request.globalSecondaryIndexes().stream()
              .map(
                  index -> {
                    TableShapes.checkThroughput(
                        mode, index.provisionedThroughput(), " for index: " + index.indexName());
                    return TableShapes.global(
                        arn,
                        index.indexName(),
                        index.keySchema(),
                        index.projection(),
                        index.provisionedThroughput());
                  })
              .toList());
    }
    if (request.hasLocalSecondaryIndexes()) {
      description.localSecondaryIndexes(
          request.localSecondaryIndexes().stream()
              .map(
                  index ->
                      LocalSecondaryIndexDescription.builder()
                          .indexName(index.indexName())
                          .indexArn(arn + "/index/" + index.indexName())
                          .keySchema(index.keySchema())
                          .projection(index.projection())
                          .build())
              .toList());
    }
    check.check(description.build());
    Map<String, String> tags =
        request.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value, (a, b) -> b));
    TagCalls.check(tags, limits.maxTags());
    return LeaseTable.of(description.build()).withTags(tags);
  }

  private BillingModeSummary billing(BillingMode mode) {
    return BillingModeSummary.builder()
        .billingMode(mode)
        .lastUpdateToPayPerRequestDateTime(clock.instant())
        .build();
  }

  /** What is said of a table that is not there by calls on tables. */
  static AwsException notFound(String table) {
    return AwsError.RESOURCE_NOT_FOUND.because(
        "Requested resource not found: Table: %s not found".formatted(table));
  }

  private static SdkPojo describe(TableView view, DescribeTableRequest request) {
    LeaseTable table =
        view.find(request.tableName()).orElseThrow(() -> notFound(request.tableName()));
    return DescribeTableResponse.builder().table(TableShapes.described(view, table)).build();
  }

  private CompletionStage<SdkPojo> delete(DeleteTableRequest request) {
    return store.update((view, changes) -> delete(view, changes, request.tableName()));
  }

  private static SdkPojo delete(TableView view, Changes changes, String name) {
    LeaseTable table = view.find(name).orElseThrow(() -> notFound(name));
    if (Boolean.TRUE.equals(table.description().deletionProtectionEnabled())) {
      throw AwsError.VALIDATION.because(
          "Resource cannot be deleted as it is currently protected against deletion. Disable"
              + " deletion protection first.");
    }
    TableDescription last = TableShapes.described(view, table);
    changes.remove(view, table);
    return DeleteTableResponse.builder()
        .tableDescription(last.toBuilder().tableStatus(TableStatus.DELETING).build())
        .build();
  }

  private static SdkPojo list(TableView view, ListTablesRequest request) {
    int limit = request.limit() == null ? DEFAULT_LIST : request.limit();
    String start = request.exclusiveStartTableName();
    List<String> names =
        view.tableNames().stream()
            .filter(name -> start == null || name.compareTo(start) > 0)
            .limit(limit + 1L)
            .toList();
    ListTablesResponse.Builder response = ListTablesResponse.builder();
    if (names.size() > limit) {
      names = names.subList(0, limit);
      response.lastEvaluatedTableName(names.getLast());
    }
    return response.tableNames(names).build();
  }
}
