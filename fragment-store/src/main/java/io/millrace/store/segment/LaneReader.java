package io.millrace.store.segment;

import io.millrace.store.Stages;
import io.millrace.store.StoreException;
import io.millrace.store.segment.file.CorruptSegmentException;
import io.millrace.store.segment.file.RecordLayout;
import io.millrace.store.segment.file.Segment;
import io.millrace.store.segment.file.SegmentCursor;
import io.millrace.store.segment.file.SegmentHeader;
import io.millrace.store.segment.file.SegmentIndex;
import io.millrace.store.segment.memory.Records;
import io.millrace.store.segment.storage.AlignedBuffers;
import io.millrace.store.shard.Bounds;
import io.millrace.store.shard.Extent;
import io.millrace.store.shard.Head;
import io.millrace.store.shard.LogReader;
import io.millrace.store.shard.Marks;
import io.millrace.store.shard.Position;
import io.millrace.store.shard.Slice;
import io.millrace.store.shard.StoredRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads one shard of a lane: newest from memory, the rest on the reader threads. */
final class LaneReader implements LogReader {
  private static final long MAX_WAIT_NANOS = TimeUnit.DAYS.toNanos(365);
  private static final int SEEK_RECORDS = 4096;

  /**
   * Windows of history in one turn. Few, so that readers who come together stay together, and share
   * them.
   */
  private static final int TURN_WINDOWS = 4;

  private static final int MOST_TURNS = 16;

  private final Lane lane;
  private final EngineParts parts;
  private final Shard shard;

  LaneReader(Lane lane, EngineParts parts, Shard shard) {
    this.lane = lane;
    this.parts = parts;
    this.shard = shard;
  }

  @Override
  public CompletionStage<Slice> read(Position from, int maxRecords, int maxBytes, Duration wait) {
    if (maxRecords < 1) {
      throw new IllegalArgumentException("maxRecords " + maxRecords);
    }
    long deadlineNanos = System.nanoTime() + Math.min(MAX_WAIT_NANOS, saturatedNanos(wait));
    return read(from, new Limits(maxRecords, maxBytes), deadlineNanos);
  }

  /** How much a read may return. */
  private record Limits(int records, int bytes) {}

  private static long saturatedNanos(Duration wait) {
    return wait.compareTo(Duration.ofNanos(MAX_WAIT_NANOS)) < 0 ? wait.toNanos() : MAX_WAIT_NANOS;
  }

  private CompletionStage<Slice> read(Position from, Limits limits, long deadlineNanos) {
    StoreException failure = lane.failure();
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    SliceBuilder slice = new SliceBuilder(from, limits);
    if (slice.walk.throughMemory()) {
      return orLater(slice.build(), limits, deadlineNanos);
    }
    return Stages.compose(
        onReader(
            "read",
            () ->
                slice.walk.throughHistory(TURN_WINDOWS) || slice.isEnough() ? slice.build() : null),
        built -> orLater(built, limits, deadlineNanos));
  }

  /** An empty slice waits for what comes, for as long as there is time. */
  private CompletionStage<Slice> orLater(Slice slice, Limits limits, long deadlineNanos) {
    long leftNanos = deadlineNanos - System.nanoTime();
    if (!slice.records().isEmpty() || slice.ended() || leftNanos <= 0) {
      return CompletableFuture.completedFuture(slice);
    }
    return Stages.compose(
        awaitChange(slice.next(), Duration.ofNanos(leftNanos)),
        seen -> read(seen, limits, deadlineNanos));
  }

  private CompletableFuture<Position> awaitChange(Position seen, Duration wait) {
    return shard
        .signal()
        .await(seen, () -> mayHoldMore(seen) || shard.sealed() || lane.failure() != null, wait);
  }

  /**
   * Whether the shard may have a record at or behind a position. Where a shard ends is only a bound
   * after a start, and the lane ends before it when the segment that was empty then was given up:
   * who looked at the shard alone would never rest.
   */
  private boolean mayHoldMore(Position seen) {
    return shard.tail().end().compareTo(seen) > 0 && lane.end().compareTo(seen) > 0;
  }

  /** A slice in the making. */
  private final class SliceBuilder implements ShardWalk.Visitor {
    private final ShardWalk walk;
    private final Position from;
    private final Limits limits;
    private final List<StoredRecord> records = new ArrayList<>();
    private final boolean sealed = shard.sealed();
    private long bytes;
    private int turns;

    private SliceBuilder(Position from, Limits limits) {
      this.from = from;
      this.limits = limits;
      this.walk = new ShardWalk(lane, parts, shard, from, this, limits.records());
    }

    @Override
    public boolean take(Records source, int index) {
      StoredRecord record = source.record(index);
      records.add(record);
      bytes += record.head().payloadBytes();
      return records.size() < limits.records() && bytes < limits.bytes();
    }

    /** Counts turns; a slice with a record and many turns behind it is handed out. */
    private boolean isEnough() {
      turns++;
      return turns >= MOST_TURNS && !records.isEmpty();
    }

    private Slice build() {
      Position next = walk.next();
      boolean ended = sealed && shard.tail().end().compareTo(next) <= 0;
      return new Slice(records, next.compareTo(from) < 0 ? from : next, ended);
    }
  }

  @Override
  public CompletionStage<Position> seek(Instant arrival) {
    long millis = arrival.toEpochMilli();
    Found found = new Found(millis);
    return onReader(
        "seek",
        () -> {
          ShardWalk walk = found.walk;
          if (walk == null) {
            walk = new ShardWalk(lane, parts, shard, seekFrom(millis), found, SEEK_RECORDS);
            found.walk = walk;
          }
          if (!walk.throughMemory() && !walk.throughHistory(TURN_WINDOWS)) {
            return null;
          }
          return found.position == null ? walk.next() : found.position;
        });
  }

  /** Stops at the first record that arrived at or after a time. */
  private static final class Found implements ShardWalk.Visitor {
    private final long millis;
    private @Nullable ShardWalk walk;
    private @Nullable Position position;

    private Found(long millis) {
      this.millis = millis;
    }

    @Override
    public boolean take(Records records, int index) {
      if (records.arrivalMillis(index) < millis) {
        return true;
      }
      position = records.position(index);
      return false;
    }
  }

  /** A position before which every record of the lane arrived earlier. */
  private Position seekFrom(long millis) throws IOException {
    for (Segment segment : lane.segments()) {
      if (segment.summary().maxArrival() < millis || !segment.acquire()) {
        continue;
      }
      try {
        long offset = SegmentHeader.BYTES;
        for (SegmentIndex.Window window : SegmentIndexes.of(segment, parts).windows()) {
          if (window.arrivalBefore() >= millis) {
            break;
          }
          offset = window.offset();
        }
        return RecordLayout.position(segment.sequence(), offset);
      } finally {
        segment.release();
      }
    }
    return lane.end();
  }

  @Override
  public Bounds bounds() {
    Position first = lane.first();
    Position start = shard.start();
    return new Bounds(first.compareTo(start) < 0 ? start : first, lane.end(), shard.sealed());
  }

  @Override
  public List<Extent> extents() {
    return lane.segments().stream().map(Segment::extent).toList();
  }

  @Override
  public CompletionStage<List<Head>> heads(Extent extent) {
    StoreException failure = lane.failure();
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    Segment segment = lane.segment(extent.id());
    if (segment == null) {
      return CompletableFuture.completedFuture(List.of());
    }
    SegmentIndex index = segment.index();
    index = index == null ? parts.indexes().get(segment) : index;
    if (index != null) {
      return CompletableFuture.completedFuture(ours(index.heads()));
    }
    return onReader(
        "index",
        () -> {
          if (!segment.acquire()) {
            return List.of();
          }
          try {
            return ours(SegmentIndexes.of(segment, parts).heads());
          } finally {
            segment.release();
          }
        });
  }

  @Override
  public List<Head> newestHeads(int limit) {
    List<Segment> segments = lane.segments();
    List<Head> newest = new ArrayList<>();
    for (int i = segments.size() - 1; i >= 0 && newest.size() < limit; i--) {
      SegmentIndex index = segments.get(i).index();
      if (index == null) {
        break;
      }
      newest.addAll(0, newestHeads(index, limit - newest.size()));
    }
    return newest;
  }

  /** Looks further back while other shards have the newest ones. */
  private List<Head> newestHeads(SegmentIndex index, int limit) {
    int look = limit;
    while (true) {
      List<Head> heads = index.newest(look);
      List<Head> ours = ours(heads);
      if (ours.size() >= limit || heads.size() < look) {
        return ours.subList(Math.max(0, ours.size() - limit), ours.size());
      }
      look = (int) Math.min(Integer.MAX_VALUE, 4L * look);
    }
  }

  private List<Head> ours(List<Head> heads) {
    boolean all = lane.shards().size() <= 1 && shard.start().value() == 0;
    return all
        ? heads
        : heads.stream()
            .filter(head -> head.shard() == shard.number())
            .filter(head -> head.position().compareTo(shard.start()) >= 0)
            .toList();
  }

  @Override
  public @Nullable Marks highest() {
    return lane.highest();
  }

  @Override
  public CompletionStage<ByteBuffer> payload(Head head) {
    Segment segment = lane.segment(RecordLayout.sequence(head.position()));
    if (segment == null || head.position().compareTo(shard.start()) < 0) {
      return CompletableFuture.failedFuture(gone());
    }
    ByteBuffer recent = shard.tail().payload(head.position().value());
    if (recent != null) {
      parts.metrics().readsFromMemory.increment();
      return CompletableFuture.completedFuture(recent);
    }
    return onReader("read", () -> readPayload(segment, head));
  }

  private ByteBuffer readPayload(Segment segment, Head head) throws IOException {
    if (!segment.acquire()) {
      throw gone();
    }
    ByteBuffer window = parts.readBuffers().take();
    try {
      long offset = RecordLayout.offset(head.position());
      long end = AlignedBuffers.pad(offset + RecordLayout.headBytes(head) + head.payloadBytes());
      ByteBuffer payload =
          parts
              .openFiles()
              .use(
                  segment,
                  file -> {
                    SegmentCursor cursor =
                        new SegmentCursor(
                            file,
                            segment.sequence(),
                            segment.header().epoch(),
                            offset,
                            end,
                            window);
                    if (cursor.next(true) != SegmentCursor.Step.RECORD) {
                      throw new CorruptSegmentException(segment.path(), offset, cursor.problem());
                    }
                    return ByteBuffer.wrap(cursor.payload()).asReadOnlyBuffer();
                  });
      parts.metrics().readsFromDisk.increment();
      parts.metrics().bytesReadFromDisk.add(payload.remaining());
      return payload;
    } finally {
      parts.readBuffers().give(window);
      segment.release();
    }
  }

  private StoreException gone() {
    return new StoreException(
        StoreException.Kind.GONE, "retention dropped this record of " + lane.stream());
  }

  @Override
  public CompletionStage<Void> changed(Position seen, Duration wait) {
    return Stages.compose(
        awaitChange(seen, wait),
        done -> {
          StoreException failure = lane.failure();
          return failure == null
              ? CompletableFuture.completedFuture(null)
              : CompletableFuture.failedFuture(failure);
        });
  }

  @Override
  public long diskBytes() {
    return lane.diskBytes();
  }

  /** Something to do on a reader thread, in turns, so that no reader keeps it from the others. */
  private interface Read<T> {
    /** Takes a turn; null when another one is needed. */
    @Nullable T turn() throws IOException;
  }

  private <T> CompletionStage<T> onReader(String doing, Read<T> read) {
    StoreException failure = lane.failure();
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      parts.readers().execute(() -> takeTurns(doing, read, result));
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(
          new StoreException(StoreException.Kind.BUSY, "too many reads wait for the disk", e));
    }
    return result;
  }

  private <T> void takeTurns(String doing, Read<T> read, CompletableFuture<T> result) {
    try {
      T value = read.turn();
      while (value == null) {
        if (queue(() -> takeTurns(doing, read, result))) {
          return;
        }
        value = read.turn();
      }
      result.complete(value);
    } catch (IOException e) {
      parts.metrics().readsFailed.increment();
      result.completeExceptionally(EngineParts.failure(doing + " of " + lane.stream(), e));
    } catch (RuntimeException e) {
      result.completeExceptionally(
          e instanceof StoreException
              ? e
              : new StoreException(
                  StoreException.Kind.IO, doing + " of " + lane.stream() + ": " + e, e));
    }
  }

  /** Queues behind the other readers; false when there is no room, so that it goes on here. */
  private boolean queue(Runnable turn) {
    try {
      parts.readers().execute(turn);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }
}
