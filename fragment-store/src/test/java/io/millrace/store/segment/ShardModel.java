package io.millrace.store.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.store.shard.Position;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** What must be true of one shard of a simulated log. */
final class ShardModel {
  final Map<Long, Written> attempted = new HashMap<>();
  final Map<Long, Position> acked = new HashMap<>();
  final Map<Long, Integer> batchSizes = new HashMap<>();
  final Set<Long> failed = new HashSet<>();
  final Set<Position> truncations = new HashSet<>();
  Position truncatedTo = Position.START;
  Position maybeTruncatedTo = Position.START;
  boolean sealed;
  boolean maybeSealed;

  /** Every record that was ever there, by where it stands. */
  private final TreeMap<Position, Long> places = new TreeMap<>();

  /** An appended record. */
  record Written(long id, long batch, int size, long arrivalMillis) {
    ByteBuffer payload() {
      byte[] bytes = new byte[size];
      new SplittableRandom(id).nextBytes(bytes);
      return ByteBuffer.wrap(bytes);
    }
  }

  /** Notes that a record is durable; its place was never another's. */
  void ack(long id, Position position) {
    acked.put(id, position);
    Long other = places.putIfAbsent(position, id);
    assertThat(other == null || other == id)
        .as("position %s of record %d was that of %d", position, id, other)
        .isTrue();
  }

  /** Records that are there, or were until retention took them, in the order of the log. */
  TreeMap<Position, Long> inOrder() {
    TreeMap<Position, Long> order = new TreeMap<>();
    acked.forEach((id, position) -> order.put(position, id));
    return order;
  }
}
