package io.millrace.datastreams.scaling;

import java.time.Duration;

/**
 * How streams in ON_DEMAND mode scale.
 *
 * @param interval between two looks at what shards took
 * @param shardBytes bytes a second that one shard is counted for
 * @param shardRecords records a second that one shard is counted for
 * @param headroom shards kept, as a multiple of what the peak needed
 * @param hotShard share of its capacity from which a single shard is split
 * @param minShards never fewer
 * @param maxShards never more
 * @param scaleDownAfter how long traffic must have been low before a pair of shards is merged
 */
public record ScalingSettings(
    Duration interval,
    long shardBytes,
    long shardRecords,
    double headroom,
    double hotShard,
    int minShards,
    int maxShards,
    Duration scaleDownAfter) {
  /** The service's habit: room for double the peak, at least four shards. */
  public static final ScalingSettings DEFAULTS =
      new ScalingSettings(
          Duration.ofSeconds(10), 1 << 20, 1000, 2, 0.8, 4, 10_000, Duration.ofHours(24));
}
