package io.millrace.datastreams.capacity;

/**
 * What a shard takes and gives. 0 means without limit.
 *
 * @param writeBytes data and keys taken per second and shard
 * @param writeRecords records taken per second and shard
 * @param readBytes bytes given per second and shard to all who poll
 * @param readCalls GetRecords calls per second and shard
 * @param fanoutBytes bytes given per second to each subscription
 * @param iteratorCalls GetShardIterator calls per second and shard
 * @param controlCalls whether calls on streams are limited to the service's rates
 */
public record CapacitySettings(
    long writeBytes,
    long writeRecords,
    long readBytes,
    long readCalls,
    long fanoutBytes,
    long iteratorCalls,
    boolean controlCalls) {
  private static final long MIB = 1 << 20;

  /** The service's own limits (Kinesis Data Streams developer guide, quotas and limits). */
  public static final CapacitySettings AWS =
      new CapacitySettings(MIB, 1000, 2 * MIB, 5, 2 * MIB, 5, true);

  /** As much as the machine can. */
  public static final CapacitySettings UNLIMITED = new CapacitySettings(0, 0, 0, 0, 0, 0, false);
}
