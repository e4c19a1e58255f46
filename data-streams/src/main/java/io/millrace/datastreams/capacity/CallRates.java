package io.millrace.datastreams.capacity;

import io.millrace.api.error.AwsError;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * Limits calls on streams to the service's rates. Rates are per account, which is this server; of
 * some operations per stream. Thread-safe.
 */
public final class CallRates {
  /** Calls per second (Kinesis API reference, the page of each operation). */
  private static final Map<String, Integer> PER_SECOND =
      Map.ofEntries(
          Map.entry("CreateStream", 5),
          Map.entry("DeleteStream", 5),
          Map.entry("AddTagsToStream", 5),
          Map.entry("RemoveTagsFromStream", 5),
          Map.entry("ListTagsForStream", 5),
          Map.entry("TagResource", 5),
          Map.entry("UntagResource", 5),
          Map.entry("ListTagsForResource", 5),
          Map.entry("ListStreams", 5),
          Map.entry("MergeShards", 5),
          Map.entry("SplitShard", 5),
          Map.entry("RegisterStreamConsumer", 5),
          Map.entry("DeregisterStreamConsumer", 5),
          Map.entry("ListStreamConsumers", 5),
          Map.entry("DescribeAccountSettings", 5),
          Map.entry("UpdateAccountSettings", 5),
          Map.entry("UpdateStreamWarmThroughput", 5),
          Map.entry("DescribeStream", 10),
          Map.entry("UpdateShardCount", 10),
          Map.entry("DescribeStreamSummary", 20),
          Map.entry("DescribeStreamConsumer", 20),
          Map.entry("DescribeLimits", 1),
          Map.entry("ListShards", 1000));

  private final boolean on;
  private final LongSupplier nanoClock;
  private final ConcurrentMap<String, TokenBucket> buckets = new ConcurrentHashMap<>();

  /**
   * @param on whether there are limits
   * @param nanoClock {@link System#nanoTime()}
   */
  public CallRates(boolean on, LongSupplier nanoClock) {
    this.on = on;
    this.nanoClock = nanoClock;
  }

  /**
   * Counts a call.
   *
   * @throws io.millrace.api.error.AwsException LIMIT_EXCEEDED when there were too many
   */
  public void check(String operation) {
    Integer rate = on ? PER_SECOND.get(operation) : null;
    if (rate == null) {
      return;
    }
    long now = nanoClock.getAsLong();
    if (!buckets.computeIfAbsent(operation, name -> new TokenBucket(rate, now)).tryTake(1, now)) {
      throw AwsError.LIMIT_EXCEEDED.because(
          "Rate exceeded: %s may be called %d times a second".formatted(operation, rate));
    }
  }
}
