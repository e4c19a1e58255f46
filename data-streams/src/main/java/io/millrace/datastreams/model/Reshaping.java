package io.millrace.datastreams.model;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Splits and merges on a copy of a shard map. Not thread-safe. */
final class Reshaping {
  private final TreeMap<Integer, StreamShard> byNumber = new TreeMap<>();
  private final TreeMap<HashKey, StreamShard> openByStart = new TreeMap<>();
  private long nowMillis;
  private int nextNumber;

  Reshaping(ShardMap map, long nowMillis) {
    map.all().forEach(shard -> byNumber.put(shard.number(), shard));
    map.open().forEach(shard -> openByStart.put(shard.range().start(), shard));
    this.nowMillis = nowMillis;
    this.nextNumber = map.nextNumber();
  }

  ShardMap done() {
    return new ShardMap(byNumber.values(), nextNumber);
  }

  Reshaping split(int number, HashKey startOfUpper) {
    StreamShard parent = open(number);
    if (startOfUpper.compareTo(parent.range().start()) <= 0
        || startOfUpper.compareTo(parent.range().end()) > 0) {
      throw new IllegalArgumentException(startOfUpper + " does not divide " + parent.id());
    }
    close(parent);
    OptionalInt from = OptionalInt.of(number);
    HashKeyRange lower = new HashKeyRange(parent.range().start(), startOfUpper.previous());
    HashKeyRange upper = new HashKeyRange(startOfUpper, parent.range().end());
    add(lower, from, OptionalInt.empty(), parent.createdSeconds() + 1);
    add(upper, from, OptionalInt.empty(), parent.createdSeconds() + 1);
    return this;
  }

  Reshaping merge(int number, int adjacent) {
    StreamShard one = open(number);
    StreamShard other = open(adjacent);
    boolean inOrder = one.range().isBefore(other.range());
    StreamShard lower = inOrder ? one : other;
    StreamShard upper = inOrder ? other : one;
    if (!lower.range().isBefore(upper.range())) {
      throw new IllegalArgumentException(one.id() + " and " + other.id() + " do not touch");
    }
    close(one);
    close(other);
    add(
        new HashKeyRange(lower.range().start(), upper.range().end()),
        OptionalInt.of(number),
        OptionalInt.of(adjacent),
        Math.max(one.createdSeconds(), other.createdSeconds()) + 1);
    return this;
  }

  /** Makes the open shards these ranges, which cover all keys. */
  Reshaping to(List<HashKeyRange> wanted) {
    for (HashKeyRange range : wanted) {
      StreamShard at = at(range.start());
      if (!at.range().start().equals(range.start())) {
        var unused = split(at.number(), range.start());
      }
    }
    for (HashKeyRange range : wanted) {
      StreamShard first = at(range.start());
      while (first.range().end().compareTo(range.end()) < 0) {
        var unused = merge(first.number(), at(first.range().end().next()).number());
        first = at(range.start());
      }
    }
    return this;
  }

  private StreamShard at(HashKey key) {
    return openByStart.floorEntry(key).getValue();
  }

  private StreamShard open(int number) {
    StreamShard shard = byNumber.get(number);
    if (shard == null || !shard.isOpen()) {
      throw new IllegalArgumentException(ShardId.of(number) + " is not open");
    }
    return shard;
  }

  private void close(StreamShard shard) {
    // A shard lives for a millisecond at least, so that every instant has its shards.
    nowMillis = Math.max(nowMillis, shard.createdMillis() + 1);
    byNumber.put(shard.number(), shard.closedAt(nowMillis));
    openByStart.remove(shard.range().start());
  }

  private void add(
      HashKeyRange range, OptionalInt parent, OptionalInt adjacent, long notBeforeSeconds) {
    StreamShard shard =
        new StreamShard(
            nextNumber++,
            range,
            parent,
            adjacent,
            Math.max(nowMillis / 1000, notBeforeSeconds),
            nowMillis,
            OptionalLong.empty());
    byNumber.put(shard.number(), shard);
    openByStart.put(range.start(), shard);
  }
}
