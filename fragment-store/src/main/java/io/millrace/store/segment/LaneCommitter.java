package io.millrace.store.segment;

import io.millrace.store.StoreException;
import io.millrace.store.segment.file.Block;
import io.millrace.store.segment.file.BlockEncoder;
import io.millrace.store.segment.file.LaneState;
import io.millrace.store.segment.file.RecordLayout;
import io.millrace.store.segment.file.Segment;
import io.millrace.store.segment.file.SegmentIndex;
import io.millrace.store.segment.file.SegmentSummary;
import io.millrace.store.segment.file.ShardSet;
import io.millrace.store.segment.memory.EncodedRecords;
import io.millrace.store.segment.memory.EntryRecords;
import io.millrace.store.segment.memory.Records;
import io.millrace.store.segment.memory.ShardTail;
import io.millrace.store.segment.storage.AlignedBuffers;
import io.millrace.store.segment.storage.NoSpaceException;
import io.millrace.store.shard.Appended;
import io.millrace.store.shard.Entry;
import io.millrace.store.shard.Position;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Commits of one lane: batches become one block, one durable write, receipts. Everything here runs
 * on the lane's writer thread.
 */
final class LaneCommitter {
  /** Records up to this size, on average, are copied for readers. */
  private static final int COPIED_BYTES = 8 << 10;

  private static final Comparator<LaneRequest.Append> BY_SHARD =
      Comparator.comparingInt(append -> append.shard().number());

  private final Lane lane;
  private final EngineParts parts;
  private final BlockEncoder encoder;
  private final LaneSegments segments;
  private final ArrayDeque<LaneRequest> pending = new ArrayDeque<>();
  private boolean inTurn;

  LaneCommitter(Lane lane, EngineParts parts) {
    this.lane = lane;
    this.parts = parts;
    this.encoder = lane.writer().encoder();
    this.segments = new LaneSegments(lane, parts, encoder);
  }

  LaneSegments segments() {
    return segments;
  }

  /** Adds a request; true when the lane must be given a turn. */
  boolean enqueue(LaneRequest request) {
    pending.addLast(request);
    boolean wasIdle = !inTurn;
    inTurn = true;
    return wasIdle;
  }

  /** One commit or one action; true when more waits. */
  boolean turn() {
    LaneRequest first = pending.peekFirst();
    if (first instanceof LaneRequest.Action action) {
      pending.removeFirst();
      run(action);
    } else if (first != null) {
      commit(nextBatch());
    }
    inTurn = !pending.isEmpty();
    return inTurn;
  }

  private void run(LaneRequest.Action action) {
    try {
      action.body().run(this);
      parts.completions().execute(() -> action.done().complete(null));
    } catch (IOException e) {
      StoreException failure = EngineParts.failure(lane.stream(), e);
      parts.completions().execute(() -> action.fail(failure));
    } catch (RuntimeException e) {
      StoreException failure = broken(e);
      parts.completions().execute(() -> action.fail(failure));
    }
  }

  private List<LaneRequest.Append> nextBatch() {
    List<LaneRequest.Append> batch = new ArrayList<>();
    long bytes = RecordLayout.BLOCK_HEADER_BYTES;
    long taken = 0;
    while (pending.peekFirst() instanceof LaneRequest.Append append
        && (batch.isEmpty() || bytes + append.framedBytes() <= parts.settings().roundBytes())) {
      pending.removeFirst();
      taken += append.framedBytes();
      StoreException refusal = refusal(append);
      if (refusal == null) {
        batch.add(append);
        bytes += append.framedBytes();
      } else {
        parts.completions().execute(() -> append.fail(refusal));
      }
    }
    lane.budget().release(taken);
    lane.writer().budget().release(taken);
    if (lane.shards().size() > 1) {
      batch.sort(BY_SHARD);
    }
    return batch;
  }

  private @Nullable StoreException refusal(LaneRequest.Append append) {
    StoreException failure = lane.failure();
    if (failure != null) {
      return failure;
    }
    if (append.shard().sealed()) {
      return new StoreException(StoreException.Kind.SEALED, lane.stream() + " is sealed");
    }
    if (append.claim() != append.shard().claim()) {
      return new StoreException(
          StoreException.Kind.FENCED, "another writer took over " + lane.stream());
    }
    return null;
  }

  private void commit(List<LaneRequest.Append> batch) {
    if (batch.isEmpty()) {
      return;
    }
    Block block = lane.writer().block().clear();
    for (LaneRequest.Append append : batch) {
      List<Entry> entries = append.entries();
      for (int i = 0; i < entries.size(); i++) {
        block.add(append.shard().number(), entries.get(i));
      }
    }
    try {
      Segment segment = write(block);
      long start = segment.summary().end();
      int[] offsets = block.offsets(start);
      publish(segment, block, offsets, shards(batch));
      wakeAfter(batch, RecordLayout.position(segment.sequence(), start), offsets);
    } catch (IOException e) {
      (e instanceof NoSpaceException
              ? parts.metrics().appendsNoSpace
              : parts.metrics().appendsFailed)
          .add(batch.size());
      StoreException failure = EngineParts.failure("append to " + lane.stream(), e);
      parts.completions().execute(() -> batch.forEach(append -> append.fail(failure)));
    } catch (RuntimeException e) {
      stop(broken(e));
      parts.completions().execute(() -> batch.forEach(append -> append.fail(broken(e))));
    } finally {
      block.clear();
    }
  }

  private static List<Shard> shards(List<LaneRequest.Append> batch) {
    List<Shard> shards = new ArrayList<>();
    for (LaneRequest.Append append : batch) {
      if (shards.isEmpty() || shards.getLast() != append.shard()) {
        shards.add(append.shard());
      }
    }
    return shards;
  }

  private StoreException broken(RuntimeException e) {
    return e instanceof StoreException known
        ? known
        : new StoreException(StoreException.Kind.IO, lane.stream() + " stopped: " + e, e);
  }

  /** Answers a batch, and wakes who waits for its shards. */
  private void wakeAfter(List<LaneRequest.Append> batch, Position start, int[] offsets) {
    List<ShardSignal.Waiter> woken = new ArrayList<>();
    Shard last = null;
    for (LaneRequest.Append append : batch) {
      if (append.shard() != last) {
        last = append.shard();
        woken.addAll(last.signal().takeAll());
      }
    }
    parts
        .completions()
        .execute(
            () -> {
              int next = 0;
              for (LaneRequest.Append append : batch) {
                int count = append.entries().size();
                append
                    .receipt()
                    .complete(
                        new Appended(
                            new Positions(RecordLayout.sequence(start), offsets, next, count)));
                next += count;
              }
              ShardSignal.wake(woken, start);
            });
  }

  /** Changes what is kept of a shard, durably or not at all. */
  void changeState(Shard shard, LaneState.Shard next) throws IOException {
    Block block = lane.writer().block().clear();
    block.add(0, lane.stateWith(shard, next).entry(parts.clock().millis()));
    Segment segment = write(block);
    shard.state(next);
    publish(segment, block, block.offsets(segment.summary().end()), List.of());
    block.clear();
    lane.wakeAll();
  }

  /** Writes one block durably behind what its segment holds. */
  private Segment write(Block block) throws IOException {
    Segment segment = segments.withRoomFor(AlignedBuffers.pad(block.length()));
    SegmentSummary before = segment.summary();
    long started = System.nanoTime();
    try {
      parts
          .openFiles()
          .use(
              segment,
              file -> {
                encoder.write(file, before.end(), segment.header().epoch(), before.blocks(), block);
                return file;
              });
    } catch (IOException e) {
      segments.giveUp(segment);
      throw e;
    }
    parts.metrics().writeNanos.add(System.nanoTime() - started);
    return segment;
  }

  /**
   * Makes a block that is durable readable.
   *
   * @param shards that have records in it, ascending
   */
  private void publish(Segment segment, Block block, int[] offsets, List<Shard> shards) {
    SegmentSummary before = segment.summary();
    long end = before.end() + AlignedBuffers.pad(block.length());
    SegmentSummary after = before.with(block, before.end(), end);
    SegmentIndex index = segment.index();
    if (index != null) {
      for (int i = 0; after.marked() > before.marked() && i < block.count(); i++) {
        if (block.entry(i).marks() != null) {
          index.add(block.head(i, segment.sequence(), before.end()));
        }
      }
      index.block(before.end(), before.maxArrival(), numbers(shards));
    }
    long payloadBytes = block.payloadBytes();
    if (!shards.isEmpty()) {
      lane.tail()
          .add(
              records(segment, block, offsets, payloadBytes),
              shards.stream().map(Shard::tail).toArray(ShardTail[]::new),
              RecordLayout.position(segment.sequence(), end));
    }
    segment.summary(after);
    lane.highest(SegmentSummary.upper(lane.highest(), after.max()));
    parts.metrics().commits.increment();
    parts.metrics().recordsAppended.add(block.count());
    parts.metrics().payloadBytesAppended.add(payloadBytes);
    parts.metrics().segmentBytesWritten.add(AlignedBuffers.pad(block.length()));
    segments.checkpoint(segment);
  }

  private static ShardSet numbers(List<Shard> shards) {
    char[] numbers = new char[shards.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (char) shards.get(i).number();
    }
    return ShardSet.of(numbers);
  }

  /**
   * What memory keeps of a block: small records as they were written, in one piece that costs the
   * collector nothing; large ones as they came, so that they are not copied.
   */
  private Records records(Segment segment, Block block, int[] offsets, long payloadBytes) {
    byte[] bytes = payloadBytes <= (long) block.count() * COPIED_BYTES ? encoder.copy(block) : null;
    return bytes != null
        ? new EncodedRecords(
            segment.sequence(), bytes, segment.summary().end(), block.shards(), offsets)
        : new EntryRecords(segment.sequence(), block.entries(), block.shards(), offsets);
  }

  /** Refuses everything from now on. */
  void stop(StoreException reason) {
    lane.failure(reason);
    lane.wakeAll();
  }
}
