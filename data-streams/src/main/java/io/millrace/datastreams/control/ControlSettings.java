package io.millrace.datastreams.control;

/**
 * Limits of calls on streams; 0 means without limit.
 *
 * @param maxShards open shards of all streams
 * @param maxOnDemandStreams streams that scale themselves
 * @param maxConsumers registered consumers of a stream
 * @param maxTags tags of a stream or consumer
 * @param reshapesPerDay UpdateShardCount calls per stream in 24 hours
 * @param modeChangesPerDay UpdateStreamMode calls per stream in 24 hours
 * @param encryptionChangesPerDay encryption changes per stream in 24 hours
 * @param onDemandShards shards of a new stream that scales itself
 * @param maxPolicyBytes longest resource policy, UTF-8 bytes
 */
public record ControlSettings(
    int maxShards,
    int maxOnDemandStreams,
    int maxConsumers,
    int maxTags,
    int reshapesPerDay,
    int modeChangesPerDay,
    int encryptionChangesPerDay,
    int onDemandShards,
    int maxPolicyBytes) {
  /** The service's limits. */
  public static final ControlSettings AWS =
      new ControlSettings(20_000, 50, 20, 50, 10, 2, 25, 4, 20 << 10);

  /** No limits but the form of things. */
  public static ControlSettings unlimited(int onDemandShards) {
    return new ControlSettings(
        0, 0, 0, AWS.maxTags(), 0, 0, 0, onDemandShards, AWS.maxPolicyBytes());
  }

  /** Whether a count is beyond a limit. */
  static boolean isOver(long count, int limit) {
    return limit > 0 && count > limit;
  }
}
