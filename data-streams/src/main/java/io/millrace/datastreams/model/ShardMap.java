package io.millrace.datastreams.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The shards of a stream: open ones cover every hash key once, closed ones are kept until their
 * records passed retention. Immutable.
 */
public final class ShardMap {
  private final NavigableMap<Integer, StreamShard> byNumber;
  private final List<StreamShard> open;
  private final int nextNumber;

  /**
   * @param shards all shards
   * @param nextNumber number of the next shard
   */
  public ShardMap(Collection<StreamShard> shards, int nextNumber) {
    NavigableMap<Integer, StreamShard> map = new TreeMap<>();
    shards.forEach(shard -> map.put(shard.number(), shard));
    this.byNumber = Collections.unmodifiableNavigableMap(map);
    this.open =
        map.values().stream()
            .filter(StreamShard::isOpen)
            .sorted(Comparator.comparing(shard -> shard.range().start()))
            .toList();
    this.nextNumber = nextNumber;
  }

  /** The shards of a new stream: even ranges. */
  public static ShardMap uniform(int count, long nowMillis) {
    List<StreamShard> shards = new ArrayList<>();
    for (HashKeyRange range : HashKeyRange.uniform(count)) {
      shards.add(
          new StreamShard(
              shards.size(),
              range,
              OptionalInt.empty(),
              OptionalInt.empty(),
              nowMillis / 1000,
              nowMillis,
              OptionalLong.empty()));
    }
    return new ShardMap(shards, count);
  }

  /** All shards, in number order. */
  public Collection<StreamShard> all() {
    return byNumber.values();
  }

  /** Open shards, by hash key. */
  public List<StreamShard> open() {
    return open;
  }

  /** Number of the next shard. */
  public int nextNumber() {
    return nextNumber;
  }

  public @Nullable StreamShard find(int number) {
    return byNumber.get(number);
  }

  /** Shards after a number, in number order. */
  public Collection<StreamShard> after(int number) {
    return byNumber.tailMap(number, false).values();
  }

  /** The open shard that takes a hash key. */
  public StreamShard route(HashKey key) {
    int low = 0;
    int high = open.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (open.get(middle).range().start().compareTo(key) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return open.get(low);
  }

  /** Shards that were made of a shard, in number order. */
  public List<StreamShard> childrenOf(int number) {
    return after(number).stream().filter(shard -> shard.isChildOf(number)).toList();
  }

  /**
   * Closes an open shard and opens two in its place.
   *
   * @param startOfUpper first hash key of the second one; within the range and not its start
   * @throws IllegalArgumentException if the shard is not open or the key does not divide it
   */
  public ShardMap split(int number, HashKey startOfUpper, long nowMillis) {
    return new Reshaping(this, nowMillis).split(number, startOfUpper).done();
  }

  /**
   * Closes two open shards whose ranges touch and opens one in their place.
   *
   * @throws IllegalArgumentException if one is not open or they do not touch
   */
  public ShardMap merge(int number, int adjacent, long nowMillis) {
    return new Reshaping(this, nowMillis).merge(number, adjacent).done();
  }

  /**
   * Splits and merges one after the other until the open shards are even ranges; shards that live
   * for a moment only come of it, as with the service.
   */
  public ShardMap scaleTo(int count, long nowMillis) {
    return new Reshaping(this, nowMillis).to(HashKeyRange.uniform(count)).done();
  }

  /** Without the shards that were closed before a time. */
  public ShardMap withoutClosedBefore(long millis) {
    return new ShardMap(
        all().stream().filter(shard -> shard.closedMillis().orElse(millis) >= millis).toList(),
        nextNumber);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ShardMap map
        && map.nextNumber == nextNumber
        && map.byNumber.equals(byNumber);
  }

  @Override
  public int hashCode() {
    return byNumber.hashCode() * 31 + nextNumber;
  }

  @Override
  public String toString() {
    return byNumber.values().toString();
  }
}
