package io.millrace.store.segment;

import io.millrace.store.Stages;
import io.millrace.store.StoreException;
import io.millrace.store.segment.file.CorruptSegmentException;
import io.millrace.store.segment.file.RecordLayout;
import io.millrace.store.segment.file.Segment;
import io.millrace.store.segment.file.SegmentCursor;
import io.millrace.store.segment.file.SegmentHeader;
import io.millrace.store.segment.file.SegmentIndex;
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
import org.jspecify.annotations.Nullable;

/** Reads one shard of a lane: newest from memory, the rest on the reader threads. */
final class LaneReader implements LogReader {
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
    return Stages.compose(
        changed(from, wait),
        changed ->
            lane.end().compareTo(from) <= 0
                ? CompletableFuture.completedFuture(new Slice(List.of(), from, shard.sealed()))
                : onReader("read", () -> readNow(from, maxRecords, maxBytes)));
  }

  private Slice readNow(Position from, int maxRecords, int maxBytes) throws IOException {
    Position end = lane.end();
    boolean sealed = shard.sealed();
    Position start = from.compareTo(shard.start()) < 0 ? shard.start() : from;
    List<StoredRecord> records = new ArrayList<>();
    long bytes = 0;
    for (Segment segment : lane.segments()) {
      if (segment.sequence() < RecordLayout.sequence(start) || !segment.acquire()) {
        continue;
      }
      try {
        SegmentScan scan = new SegmentScan(segment, parts, shard.number());
        while (true) {
          StoredRecord next = scan.next(start, end);
          if (next == null) {
            break;
          }
          records.add(next);
          bytes += next.head().payloadBytes();
          start = new Position(next.head().position().value() + 1);
          if (records.size() >= maxRecords || bytes >= maxBytes) {
            return new Slice(records, start, false);
          }
        }
      } finally {
        segment.release();
      }
    }
    return new Slice(records, end.compareTo(start) > 0 ? end : start, sealed);
  }

  @Override
  public CompletionStage<Position> seek(Instant arrival) {
    long millis = arrival.toEpochMilli();
    return onReader(
        "seek",
        () -> {
          Position end = lane.end();
          for (Segment segment : lane.segments()) {
            if (segment.summary().maxArrival() < millis || !segment.acquire()) {
              continue;
            }
            try {
              Position found = new SegmentScan(segment, parts, shard.number()).seek(millis, end);
              if (found != null && found.compareTo(shard.start()) >= 0) {
                return found;
              }
            } finally {
              segment.release();
            }
          }
          return end;
        });
  }

  @Override
  public Bounds bounds() {
    List<Segment> segments = lane.segments();
    Position first =
        segments.isEmpty()
            ? Position.START
            : RecordLayout.position(segments.getFirst().sequence(), SegmentHeader.BYTES);
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
            SegmentIndex loaded = SegmentIndexes.load(segment, parts);
            parts.indexes().put(segment, loaded);
            return ours(loaded.heads());
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
      newest.addAll(0, ours(index.newest(limit - newest.size())));
    }
    return newest;
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
    if (segment == null || head.position().compareTo(shard.start()) < 0 || !segment.acquire()) {
      return CompletableFuture.failedFuture(gone());
    }
    try {
      ByteBuffer recent = parts.ring().get(segment, RecordLayout.offset(head.position()));
      if (recent != null) {
        parts.metrics().readsFromMemory.increment();
        return CompletableFuture.completedFuture(recent);
      }
    } finally {
      segment.release();
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
    CompletableFuture<Void> woken =
        lane.changes()
            .await(
                () -> lane.end().compareTo(seen) > 0 || shard.sealed() || lane.failure() != null,
                wait);
    return Stages.compose(
        woken,
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

  private interface Read<T> {
    T now() throws IOException;
  }

  private <T> CompletionStage<T> onReader(String doing, Read<T> read) {
    StoreException failure = lane.failure();
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    Runnable task =
        () -> {
          try {
            result.complete(read.now());
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
        };
    try {
      parts.readers().execute(task);
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(
          new StoreException(StoreException.Kind.BUSY, "too many reads wait for the disk", e));
    }
    return result;
  }
}
