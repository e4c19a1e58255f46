package io.millrace.store.segment;

import io.millrace.store.StoreException;
import io.millrace.store.segment.file.LaneState;
import io.millrace.store.segment.file.RecordLayout;
import io.millrace.store.segment.file.Segment;
import io.millrace.store.segment.file.SegmentHeader;
import io.millrace.store.segment.file.SegmentSummary;
import io.millrace.store.segment.memory.LaneTail;
import io.millrace.store.shard.Marks;
import io.millrace.store.shard.Position;
import io.millrace.store.shard.Retention;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The log of a stream: one sequence of segments for all its shards. The writer thread it belongs to
 * changes it, through its {@link LaneCommitter}; everybody may read.
 */
final class Lane {
  private final String stream;
  private final long streamCreatedMillis;
  private final String directory;
  private final WriterLoop writer;
  private final QueueBudget budget;
  private final EngineParts parts;
  private final LaneTail tail;
  private final LaneCommitter committer;
  private final Map<Integer, Shard> shards = new ConcurrentHashMap<>();
  private volatile List<Segment> segments = List.of();
  private volatile Position loadedEnd = Position.START;
  private volatile @Nullable Marks highest;
  private volatile Retention retention = Retention.FOREVER;
  private volatile @Nullable StoreException failure;

  Lane(String stream, long streamCreatedMillis, EngineParts parts, WriterLoop writer) {
    this.stream = stream;
    this.streamCreatedMillis = streamCreatedMillis;
    this.directory = LaneDirectory.of(stream, streamCreatedMillis);
    this.writer = writer;
    this.budget = new QueueBudget(parts.settings().streamQueueBytes(), parts.completions());
    this.parts = parts;
    this.tail = new LaneTail(parts.ring());
    this.committer = new LaneCommitter(this, parts);
  }

  String stream() {
    return stream;
  }

  long streamCreatedMillis() {
    return streamCreatedMillis;
  }

  String directory() {
    return directory;
  }

  WriterLoop writer() {
    return writer;
  }

  QueueBudget budget() {
    return budget;
  }

  /** Its newest blocks. */
  LaneTail tail() {
    return tail;
  }

  LaneCommitter committer() {
    return committer;
  }

  /** All segments, oldest first; sequence numbers are consecutive. */
  List<Segment> segments() {
    return segments;
  }

  void segments(List<Segment> now) {
    segments = List.copyOf(now);
  }

  /** A segment by its number; null when it was dropped or never was. */
  @Nullable Segment segment(long sequence) {
    List<Segment> now = segments;
    if (now.isEmpty()) {
      return null;
    }
    long index = sequence - now.getFirst().sequence();
    return index >= 0 && index < now.size() ? now.get((int) index) : null;
  }

  /** A shard, made when it is not known yet. */
  Shard shard(int number) {
    return shards.computeIfAbsent(number, n -> newShard(n, LaneState.Shard.INITIAL));
  }

  private Shard newShard(int number, LaneState.Shard state) {
    return new Shard(number, state, loadedEnd, parts.completions());
  }

  Map<Integer, Shard> shards() {
    return shards;
  }

  /** Takes over what recovery found. */
  void restore(LaneState state, List<Segment> found) {
    segments(found);
    loadedEnd = end();
    tail.heldFrom(loadedEnd.value());
    state.shards().forEach((number, shard) -> shards.put(number, newShard(number, shard)));
    highest = state.highest();
    for (Segment segment : found) {
      highest = SegmentSummary.upper(highest, segment.summary().max());
    }
  }

  LaneState state() {
    return new LaneState(
        shards.entrySet().stream()
            .filter(shard -> !shard.getValue().state().equals(LaneState.Shard.INITIAL))
            .collect(Collectors.toMap(Map.Entry::getKey, shard -> shard.getValue().state())),
        highest);
  }

  /** The state with another one of a shard. */
  LaneState stateWith(Shard shard, LaneState.Shard next) {
    LaneState now = state();
    Map<Integer, LaneState.Shard> changed = new HashMap<>(now.shards());
    changed.put(shard.number(), next);
    return new LaneState(changed, now.highest());
  }

  /** Wakes everybody who waits, on the thread for that. */
  void wakeAll() {
    for (Shard shard : shards.values()) {
      List<ShardSignal.Waiter> waiters = shard.signal().takeAll();
      if (!waiters.isEmpty()) {
        parts.completions().execute(() -> ShardSignal.wake(waiters, Position.START));
      }
    }
  }

  @Nullable Marks highest() {
    return highest;
  }

  void highest(@Nullable Marks marks) {
    highest = marks;
  }

  Retention retention() {
    return retention;
  }

  void retention(Retention now) {
    retention = now;
  }

  /** Why nothing can be read or written any more; null while all is well. */
  @Nullable StoreException failure() {
    return failure;
  }

  void failure(StoreException reason) {
    failure = reason;
  }

  /** Before the first record that is kept. */
  Position first() {
    List<Segment> now = segments;
    return now.isEmpty()
        ? Position.START
        : RecordLayout.position(now.getFirst().sequence(), SegmentHeader.BYTES);
  }

  /** Behind the last durable record. */
  Position end() {
    List<Segment> now = segments;
    if (now.isEmpty()) {
      return Position.START;
    }
    Segment last = now.getLast();
    return RecordLayout.position(last.sequence(), last.summary().end());
  }

  long diskBytes() {
    return segments.stream().mapToLong(Segment::fileBytes).sum();
  }
}
