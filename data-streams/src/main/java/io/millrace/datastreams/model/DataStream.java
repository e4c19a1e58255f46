package io.millrace.datastreams.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A data stream as its directory knows it. Immutable. It is ACTIVE from the moment it is known:
 * creating and changing streams takes no time here.
 *
 * @param name unique within the server
 * @param createdMillis server time; a stream made again is another one
 * @param options what its owner chose
 * @param shards its shards
 * @param consumers registered consumers by name
 * @param tags the owner's labels
 * @param policy resource policy as JSON text
 * @param changes times of recent changes that are limited per day
 */
public record DataStream(
    String name,
    long createdMillis,
    StreamOptions options,
    ShardMap shards,
    Map<String, StreamConsumer> consumers,
    Map<String, String> tags,
    Optional<String> policy,
    List<Change> changes) {

  /**
   * A change that is limited per day.
   *
   * @param kind what was changed
   * @param millis server time
   */
  public record Change(Kind kind, long millis) {
    /** What was changed. */
    public enum Kind {
      SHARD_COUNT,
      MODE,
      ENCRYPTION
    }
  }

  public DataStream {
    consumers = Collections.unmodifiableMap(new TreeMap<>(consumers));
    tags = Map.copyOf(tags);
    changes = List.copyOf(changes);
  }

  /** Where a record of a time stands out of retention. */
  public long trimHorizonMillis(long nowMillis) {
    return nowMillis - options.retentionHours() * 3_600_000L;
  }

  /** The same with another creation time. */
  public DataStream createdAt(long millis) {
    return new DataStream(name, millis, options, shards, consumers, tags, policy, changes);
  }

  public DataStream withOptions(StreamOptions next) {
    return new DataStream(name, createdMillis, next, shards, consumers, tags, policy, changes);
  }

  public DataStream withShards(ShardMap next) {
    return new DataStream(name, createdMillis, options, next, consumers, tags, policy, changes);
  }

  public DataStream withTags(Map<String, String> next) {
    return new DataStream(name, createdMillis, options, shards, consumers, next, policy, changes);
  }

  public DataStream withPolicy(Optional<String> next) {
    return new DataStream(name, createdMillis, options, shards, consumers, tags, next, changes);
  }

  /** With a consumer added or replaced. */
  public DataStream withConsumer(StreamConsumer consumer) {
    Map<String, StreamConsumer> next = new TreeMap<>(consumers);
    next.put(consumer.name(), consumer);
    return new DataStream(name, createdMillis, options, shards, next, tags, policy, changes);
  }

  public DataStream withoutConsumer(String consumer) {
    Map<String, StreamConsumer> next = new TreeMap<>(consumers);
    next.remove(consumer);
    return new DataStream(name, createdMillis, options, shards, next, tags, policy, changes);
  }

  /** With a change noted, and those older than a day forgotten. */
  public DataStream withChange(Change.Kind kind, long nowMillis) {
    List<Change> next = new ArrayList<>(changesWithinDay(nowMillis));
    next.add(new Change(kind, nowMillis));
    return new DataStream(name, createdMillis, options, shards, consumers, tags, policy, next);
  }

  /** How often something was changed within the last 24 hours. */
  public long changesWithinDay(Change.Kind kind, long nowMillis) {
    return changesWithinDay(nowMillis).stream().filter(change -> change.kind() == kind).count();
  }

  private List<Change> changesWithinDay(long nowMillis) {
    return changes.stream().filter(change -> change.millis() > nowMillis - 86_400_000L).toList();
  }
}
