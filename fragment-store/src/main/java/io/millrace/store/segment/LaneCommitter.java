package io.millrace.store.segment;

import io.millrace.store.StoreException;
import io.millrace.store.segment.file.BlockEncoder;
import io.millrace.store.segment.file.LaneState;
import io.millrace.store.segment.file.RecordLayout;
import io.millrace.store.segment.file.Segment;
import io.millrace.store.segment.file.SegmentIndex;
import io.millrace.store.segment.file.SegmentSummary;
import io.millrace.store.segment.storage.AlignedBuffers;
import io.millrace.store.segment.storage.NoSpaceException;
import io.millrace.store.shard.Appended;
import io.millrace.store.shard.Entry;
import io.millrace.store.shard.Head;
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
  private final Lane lane;
  private final EngineParts parts;
  private final BlockEncoder encoder;
  private final LaneSegments segments;
  private final ArrayDeque<LaneRequest> pending = new ArrayDeque<>();
  private boolean inTurn;

  LaneCommitter(Lane lane, EngineParts parts, BlockEncoder encoder) {
    this.lane = lane;
    this.parts = parts;
    this.encoder = encoder;
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
    while (pending.peekFirst() instanceof LaneRequest.Append append
        && (batch.isEmpty() || bytes + append.framedBytes() <= parts.settings().roundBytes())) {
      pending.removeFirst();
      lane.budget().release(append.framedBytes());
      lane.writer().budget().release(append.framedBytes());
      StoreException refusal = refusal(append);
      if (refusal == null) {
        batch.add(append);
        bytes += append.framedBytes();
      } else {
        parts.completions().execute(() -> append.fail(refusal));
      }
    }
    if (lane.shards().size() > 1) {
      batch.sort(Comparator.comparingInt(append -> append.shard().number()));
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
    List<BlockEncoder.Item> items = new ArrayList<>();
    for (LaneRequest.Append append : batch) {
      for (Entry entry : append.entries()) {
        items.add(new BlockEncoder.Item(append.shard().number(), entry));
      }
    }
    try {
      List<Head> heads = write(items);
      List<Appended> receipts = receipts(batch, heads);
      parts.completions().execute(() -> complete(batch, receipts));
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
    }
  }

  private StoreException broken(RuntimeException e) {
    return e instanceof StoreException known
        ? known
        : new StoreException(StoreException.Kind.IO, lane.stream() + " stopped: " + e, e);
  }

  private void complete(List<LaneRequest.Append> batch, List<Appended> receipts) {
    for (int i = 0; i < receipts.size(); i++) {
      batch.get(i).receipt().complete(receipts.get(i));
    }
    lane.changes().fire();
  }

  private static List<Appended> receipts(List<LaneRequest.Append> batch, List<Head> heads) {
    List<Appended> receipts = new ArrayList<>(batch.size());
    int next = 0;
    for (LaneRequest.Append append : batch) {
      List<Position> positions = new ArrayList<>(append.entries().size());
      for (int i = 0; i < append.entries().size(); i++) {
        positions.add(heads.get(next++).position());
      }
      receipts.add(new Appended(positions));
    }
    return receipts;
  }

  /** Changes what is kept of a shard, durably or not at all. */
  void changeState(Shard shard, LaneState.Shard next) throws IOException {
    LaneState.Shard before = shard.state();
    shard.state(next);
    try {
      var unused = write(lane.state().items(parts.clock().millis()));
    } catch (IOException e) {
      shard.state(before);
      throw e;
    }
    parts.completions().execute(lane.changes()::fire);
  }

  /** Writes one block durably and makes it readable. */
  private List<Head> write(List<BlockEncoder.Item> items) throws IOException {
    long length = BlockEncoder.length(items);
    Segment segment = segments.withRoomFor(AlignedBuffers.pad(length));
    SegmentSummary before = segment.summary();
    long started = System.nanoTime();
    try {
      parts
          .openFiles()
          .use(
              segment,
              file -> {
                encoder.write(
                    file, before.end(), segment.header().epoch(), before.blocks(), items, length);
                return file;
              });
    } catch (IOException e) {
      segments.giveUp(segment);
      throw e;
    }
    parts.metrics().writeNanos.add(System.nanoTime() - started);
    return publish(segment, before, items, length);
  }

  private List<Head> publish(
      Segment segment, SegmentSummary before, List<BlockEncoder.Item> items, long length) {
    List<Head> heads = heads(segment, before.end(), items);
    SegmentSummary after = before;
    SegmentIndex index = segment.index();
    long payloadBytes = 0;
    for (int i = 0; i < heads.size(); i++) {
      Head head = heads.get(i);
      after = after.with(head);
      payloadBytes += head.payloadBytes();
      if (head.kind() != LaneState.KIND) {
        parts
            .ring()
            .add(
                segment,
                RecordLayout.offset(head.position()),
                items.get(i).entry().payload(),
                head.payloadBytes());
      }
      if (head.marks() != null && index != null) {
        index.add(head);
      }
    }
    if (index != null) {
      index.block(before.end(), heads.getFirst().arrivalMillis());
    }
    after = after.ending(before.end() + AlignedBuffers.pad(length));
    segment.summary(after);
    lane.highest(SegmentSummary.upper(lane.highest(), after.max()));
    parts.metrics().commits.increment();
    parts.metrics().recordsAppended.add(heads.size());
    parts.metrics().payloadBytesAppended.add(payloadBytes);
    parts.metrics().segmentBytesWritten.add(AlignedBuffers.pad(length));
    segments.checkpoint(segment);
    return heads;
  }

  /** Heads of the records of a block that begins at an offset. */
  static List<Head> heads(Segment segment, long offset, List<BlockEncoder.Item> items) {
    List<Head> heads = new ArrayList<>(items.size());
    long at = offset + RecordLayout.BLOCK_HEADER_BYTES;
    for (BlockEncoder.Item item : items) {
      Entry entry = item.entry();
      heads.add(
          new Head(
              RecordLayout.position(segment.sequence(), at),
              item.shard(),
              entry.kind(),
              entry.arrivalMillis(),
              entry.marks(),
              entry.attributes().asReadOnlyBuffer(),
              entry.key().remaining(),
              (int) entry.payloadBytes()));
      at += RecordLayout.framedBytes(entry);
    }
    return heads;
  }

  /** Refuses everything from now on. */
  void stop(StoreException reason) {
    lane.failure(reason);
    parts.completions().execute(lane.changes()::fire);
  }
}
