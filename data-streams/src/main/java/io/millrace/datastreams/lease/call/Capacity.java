package io.millrace.datastreams.lease.call;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/** What a call would have cost, for clients that ask; nothing is limited by it. */
final class Capacity {
  private static final int READ_UNIT_BYTES = 4096;
  private static final int WRITE_UNIT_BYTES = 1024;

  private Capacity() {}

  /** Of reading; half as much where the client takes what is a moment old. */
  static @Nullable ConsumedCapacity ofRead(
      @Nullable ReturnConsumedCapacity asked, String table, long bytes, boolean consistent) {
    double units = Math.max(1, (bytes + READ_UNIT_BYTES - 1) / READ_UNIT_BYTES);
    return of(asked, table, consistent ? units : units / 2).orElse(null);
  }

  /** Of writing. */
  static @Nullable ConsumedCapacity ofWrite(
      @Nullable ReturnConsumedCapacity asked, String table, long bytes) {
    double units = Math.max(1, (bytes + WRITE_UNIT_BYTES - 1) / WRITE_UNIT_BYTES);
    return of(asked, table, units).orElse(null);
  }

  private static Optional<ConsumedCapacity> of(
      @Nullable ReturnConsumedCapacity asked, String table, double units) {
    if (asked == null || asked == ReturnConsumedCapacity.NONE) {
      return Optional.empty();
    }
    ConsumedCapacity.Builder consumed =
        ConsumedCapacity.builder().tableName(table).capacityUnits(units);
    if (asked == ReturnConsumedCapacity.INDEXES) {
      consumed.table(part -> part.capacityUnits(units));
    }
    return Optional.of(consumed.build());
  }
}
