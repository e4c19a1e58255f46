package io.millrace.store.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.store.Stages;
import io.millrace.store.shard.Head;
import io.millrace.store.shard.LogReader;
import io.millrace.store.shard.Position;
import io.millrace.store.shard.Slice;
import io.millrace.store.shard.StoredRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * Readers of a simulated log: at any position, through the newest blocks, windows of history and
 * the disk; some wait for what comes.
 */
final class SimulatedReaders {
  private static final int MOST_WAITING = 6;
  private final SplittableRandom random;
  private final List<Waiting> waiting = new ArrayList<>();
  private int awaited;

  /** A read that waits at the end of a shard. */
  private record Waiting(ShardModel shard, Position from, CompletableFuture<Slice> slice) {}

  SimulatedReaders(SplittableRandom random) {
    this.random = random;
  }

  /** Reads that waited and got what came. */
  int awaited() {
    return awaited;
  }

  /** The engine is gone, and who waited with it. */
  void forget() {
    waiting.clear();
  }

  /** Reads on from somewhere and compares with what was acknowledged. */
  void read(ShardModel shard, LogReader reader) {
    NavigableMap<Position, Long> order = shard.inOrder();
    Position from = somewhere(order, reader);
    int records = 1 + random.nextInt(random.nextBoolean() ? 3 : 200);
    int bytes = 1 + random.nextInt(200_000);
    Slice slice = Stages.await(reader.read(from, records, bytes, Duration.ZERO));
    compare(shard, order.tailMap(from, true), slice, from);
    long taken = slice.records().stream().mapToLong(record -> record.payload().remaining()).sum();
    boolean full = slice.records().size() >= records || taken >= bytes;
    assertThat(slice.records()).hasSizeLessThanOrEqualTo(records);
    if (!full) {
      assertThat(order.isEmpty() || order.lastKey().compareTo(slice.next()) < 0)
          .as("it goes to the end")
          .isTrue();
      assertThat(slice.ended()).isEqualTo(reader.bounds().sealed());
    }
  }

  private Position somewhere(NavigableMap<Position, Long> order, LogReader reader) {
    int dice = random.nextInt(10);
    if (dice == 0 || order.isEmpty()) {
      return Position.START;
    }
    if (dice == 1) {
      return reader.bounds().next();
    }
    List<Position> positions = List.copyOf(order.keySet());
    // Half of them near the end, where records leave memory.
    int near = dice < 6 ? Math.min(positions.size(), 30) : positions.size();
    Position position = positions.get(positions.size() - 1 - random.nextInt(near));
    return dice % 2 == 0 ? position : new Position(position.value() + 1);
  }

  /** What was read is what was acknowledged from there on, but for the oldest that may be gone. */
  private static void compare(
      ShardModel shard, NavigableMap<Position, Long> expected, Slice slice, Position from) {
    assertThat(slice.next()).isGreaterThanOrEqualTo(from);
    if (slice.records().isEmpty()) {
      return;
    }
    Position first = slice.records().getFirst().head().position();
    assertThat(first).isGreaterThanOrEqualTo(shard.truncatedTo);
    var next = expected.tailMap(first, true).entrySet().iterator();
    for (StoredRecord record : slice.records()) {
      long id = record.key().getLong(0);
      assertThat(next.hasNext()).as("record %d was acknowledged", id).isTrue();
      var wanted = next.next();
      assertThat(id).as("in order").isEqualTo(wanted.getValue());
      assertThat(record.head().position()).isEqualTo(wanted.getKey());
      assertThat(record.payload()).isEqualTo(shard.attempted.get(id).payload());
      assertThat(slice.next()).isGreaterThan(record.head().position());
    }
  }

  /** Seeks a time; all before what is found arrived earlier. */
  void seek(ShardModel shard, LogReader reader, long nowMillis) {
    long millis = nowMillis - random.nextInt(700_000);
    Position found = Stages.await(reader.seek(Instant.ofEpochMilli(millis)));
    Slice slice = Stages.await(reader.read(found, 1, 1, Duration.ZERO));
    slice
        .records()
        .forEach(
            record -> assertThat(record.head().arrivalMillis()).isGreaterThanOrEqualTo(millis));
    Position first = reader.bounds().first();
    shard
        .inOrder()
        .headMap(found, false)
        .forEach(
            (position, id) ->
                assertThat(
                        position.compareTo(first) < 0
                            || shard.attempted.get(id).arrivalMillis() < millis)
                    .as("record %d at %s is not before %s", id, position, found)
                    .isTrue());
  }

  /** Fetches newest payloads by their heads. */
  void payloads(ShardModel shard, LogReader reader) {
    for (Head head : reader.newestHeads(5)) {
      ShardModel.Written written = shard.attempted.get(head.marks().first());
      assertThat(written).as("record %s was appended", head).isNotNull();
      assertThat(Stages.await(reader.payload(head))).isEqualTo(written.payload());
      assertThat(written.size()).isEqualTo(head.payloadBytes());
    }
  }

  /** Waits at the end of a shard. */
  void await(ShardModel shard, LogReader reader) {
    if (waiting.size() < MOST_WAITING) {
      Position from = reader.bounds().next();
      waiting.add(
          new Waiting(
              shard,
              from,
              reader.read(from, 3, 10_000, Duration.ofMinutes(1)).toCompletableFuture()));
    }
  }

  /** Those whose shard got something have it, and the others wait. */
  void checkWaiting() {
    for (Waiting each : List.copyOf(waiting)) {
      NavigableMap<Position, Long> came = each.shard().inOrder().tailMap(each.from(), true);
      if (each.slice().isDone()) {
        waiting.remove(each);
        if (!each.slice().isCompletedExceptionally()) {
          Slice slice = each.slice().join();
          assertThat(slice.ended() || !slice.records().isEmpty()).as("woken for a reason").isTrue();
          compare(each.shard(), came, slice, each.from());
          awaited += slice.records().isEmpty() ? 0 : 1;
        }
      } else {
        assertThat(came)
            .as("who waits at %s waits for nothing that is there", each.from())
            .isEmpty();
        assertThat(each.shard().sealed).isFalse();
      }
    }
  }
}
