package io.millrace.datastreams.lease.control;

import io.millrace.api.error.AwsError;
import io.millrace.datastreams.lease.table.IndexSchema;
import io.millrace.datastreams.lease.table.LeaseTable;
import io.millrace.datastreams.lease.table.TableView;
import io.millrace.datastreams.lease.value.Item;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughput;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputDescription;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** How tables are told to clients. */
final class TableShapes {
  private TableShapes() {}

  /** A description with what is counted now. */
  static TableDescription described(TableView view, LeaseTable table) {
    long[] count = new long[2];
    Map<String, long[]> ofIndex = new LinkedHashMap<>();
    table.indexes().keySet().forEach(name -> ofIndex.put(name, new long[2]));
    view.items(table)
        .forEach(
            placed -> {
              add(count, placed.item());
              for (IndexSchema index : table.indexes().values()) {
                if (index.key().isIn(placed.item().attributes())) {
                  add(ofIndex.getOrDefault(index.name(), count), index.of(placed.item()));
                }
              }
            });
    TableDescription.Builder described =
        table.description().toBuilder().itemCount(count[0]).tableSizeBytes(count[1]);
    if (table.description().hasGlobalSecondaryIndexes()) {
      List<GlobalSecondaryIndexDescription> indexes = new ArrayList<>();
      for (GlobalSecondaryIndexDescription index : table.description().globalSecondaryIndexes()) {
        long[] counted = ofIndex.getOrDefault(index.indexName(), count);
        indexes.add(index.toBuilder().itemCount(counted[0]).indexSizeBytes(counted[1]).build());
      }
      described.globalSecondaryIndexes(indexes);
    }
    if (table.description().hasLocalSecondaryIndexes()) {
      List<LocalSecondaryIndexDescription> indexes = new ArrayList<>();
      for (LocalSecondaryIndexDescription index : table.description().localSecondaryIndexes()) {
        long[] counted = ofIndex.getOrDefault(index.indexName(), count);
        indexes.add(index.toBuilder().itemCount(counted[0]).indexSizeBytes(counted[1]).build());
      }
      described.localSecondaryIndexes(indexes);
    }
    return described.build();
  }

  private static void add(long[] count, Item item) {
    count[0]++;
    count[1] += item.sizeBytes();
  }

  /** What is told of throughput, which is never limited; zero where it is by request. */
  static ProvisionedThroughputDescription throughput(@Nullable ProvisionedThroughput wanted) {
    return ProvisionedThroughputDescription.builder()
        .readCapacityUnits(wanted == null ? 0 : wanted.readCapacityUnits())
        .writeCapacityUnits(wanted == null ? 0 : wanted.writeCapacityUnits())
        .numberOfDecreasesToday(0L)
        .build();
  }

  /**
   * Checks that throughput goes with the billing mode.
   *
   * @param of what it is of, as errors name it
   */
  static void checkThroughput(
      @Nullable BillingMode mode, @Nullable ProvisionedThroughput wanted, String of) {
    boolean provisioned = mode == null || mode == BillingMode.PROVISIONED;
    if (provisioned && wanted == null) {
      throw SchemaCheck.invalid(
          "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is"
              + " PROVISIONED"
              + of);
    }
    if (!provisioned && wanted != null) {
      throw SchemaCheck.invalid(
          "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is"
              + " PAY_PER_REQUEST"
              + of);
    }
  }

  /** A global index, ready for use at once. */
  static GlobalSecondaryIndexDescription global(
      String tableArn,
      String name,
      List<KeySchemaElement> keys,
      Projection projection,
      @Nullable ProvisionedThroughput wanted) {
    return GlobalSecondaryIndexDescription.builder()
        .indexName(name)
        .indexArn(tableArn + "/index/" + name)
        .keySchema(keys)
        .projection(projection)
        .indexStatus(IndexStatus.ACTIVE)
        .provisionedThroughput(throughput(wanted))
        .build();
  }

  /** Refuses what this server has no part for. */
  static void refuse(boolean isAsked, String what) {
    if (isAsked) {
      throw AwsError.VALIDATION.because(
          what + " is not supported: this server keeps tables for leases and checkpoints only");
    }
  }
}
