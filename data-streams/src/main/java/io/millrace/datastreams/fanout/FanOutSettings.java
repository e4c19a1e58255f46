package io.millrace.datastreams.fanout;

import java.time.Duration;

/**
 * Limits of SubscribeToShard.
 *
 * @param maxEventRecords records of one event
 * @param maxEventBytes data and keys of one event
 * @param heartbeat longest silence: an event without records is sent after it
 * @param maxDuration after which a subscription ends; clients go on from where it ended
 * @param takeOverAfter age from which a subscription gives way to a newer one of the same consumer
 */
public record FanOutSettings(
    int maxEventRecords,
    int maxEventBytes,
    Duration heartbeat,
    Duration maxDuration,
    Duration takeOverAfter) {
  /** The service's limits (Kinesis API reference, SubscribeToShard). */
  public static final FanOutSettings DEFAULTS =
      new FanOutSettings(
          10_000, 1 << 20, Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofSeconds(5));
}
