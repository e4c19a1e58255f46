package io.millrace.datastreams.model;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the owner of a stream chooses and may change.
 *
 * @param mode who decides on the number of shards
 * @param retentionHours how long records stay readable
 * @param maxRecordKib largest record with its key, KiB
 * @param distribution how records without explicit hash key find their shard
 * @param encryptionKey master key while encryption is on
 * @param shardMetrics names of the shard-level metrics that are on, all of them spelt out
 * @param warmMibps write capacity kept ready, MiB/s
 */
public record StreamOptions(
    Mode mode,
    int retentionHours,
    int maxRecordKib,
    Distribution distribution,
    Optional<String> encryptionKey,
    Set<String> shardMetrics,
    OptionalInt warmMibps) {

  /** Who decides on the number of shards. */
  public enum Mode {
    PROVISIONED,
    ON_DEMAND
  }

  /** Where records go. */
  public enum Distribution {
    /** By the hash of the partition key. */
    USER_PARTITION_KEY,
    /** Evenly; partition keys only travel along. */
    AUTO
  }

  public StreamOptions {
    shardMetrics = Set.copyOf(shardMetrics);
  }

  /** A new stream's. */
  public static StreamOptions initial(Mode mode) {
    return new StreamOptions(
        mode,
        24,
        1024,
        Distribution.USER_PARTITION_KEY,
        Optional.empty(),
        Set.of(),
        OptionalInt.empty());
  }

  public StreamOptions withMode(Mode next) {
    return new StreamOptions(
        next, retentionHours, maxRecordKib, distribution, encryptionKey, shardMetrics, warmMibps);
  }

  public StreamOptions withRetentionHours(int next) {
    return new StreamOptions(
        mode, next, maxRecordKib, distribution, encryptionKey, shardMetrics, warmMibps);
  }

  public StreamOptions withMaxRecordKib(int next) {
    return new StreamOptions(
        mode, retentionHours, next, distribution, encryptionKey, shardMetrics, warmMibps);
  }

  public StreamOptions withDistribution(Distribution next) {
    return new StreamOptions(
        mode, retentionHours, maxRecordKib, next, encryptionKey, shardMetrics, warmMibps);
  }

  public StreamOptions withEncryptionKey(Optional<String> next) {
    return new StreamOptions(
        mode, retentionHours, maxRecordKib, distribution, next, shardMetrics, warmMibps);
  }

  public StreamOptions withShardMetrics(Set<String> next) {
    return new StreamOptions(
        mode, retentionHours, maxRecordKib, distribution, encryptionKey, next, warmMibps);
  }

  public StreamOptions withWarmMibps(OptionalInt next) {
    return new StreamOptions(
        mode, retentionHours, maxRecordKib, distribution, encryptionKey, shardMetrics, next);
  }
}
