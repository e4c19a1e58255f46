package io.millrace.store.segment.file;

import io.millrace.store.shard.Entry;
import io.millrace.store.shard.Head;
import io.millrace.store.shard.Marks;
import org.jspecify.annotations.Nullable;

/**
 * What a segment holds, in a few numbers. Immutable; each commit makes a new one.
 *
 * @param end offset behind the last durable block
 * @param blocks blocks before it
 * @param records records of callers
 * @param marked those with marks
 * @param besides those with marks that are not of shard 0
 * @param payloadBytes payload of those with marks
 * @param minArrival smallest arrival time of a caller's record, epoch ms; Long.MAX_VALUE for none
 * @param maxArrival largest; -1 for none
 * @param stateOffset offset of the newest lane state in it
 * @param min smallest marks
 * @param max largest marks
 */
public record SegmentSummary(
    long end,
    int blocks,
    long records,
    long marked,
    long besides,
    long payloadBytes,
    long minArrival,
    long maxArrival,
    long stateOffset,
    @Nullable Marks min,
    @Nullable Marks max) {
  /** Of a segment with nothing but its header. */
  public static final SegmentSummary EMPTY =
      new SegmentSummary(SegmentHeader.BYTES, 0, 0, 0, 0, 0, Long.MAX_VALUE, -1, 0, null, null);

  /** With one more block, as it was written. */
  public SegmentSummary with(Block block, long blockStart, long newEnd) {
    Growth growth = new Growth(this);
    long offset = blockStart + RecordLayout.BLOCK_HEADER_BYTES;
    for (int i = 0; i < block.count(); i++) {
      Entry entry = block.entry(i);
      growth.add(
          block.shard(i),
          entry.kind(),
          offset,
          entry.arrivalMillis(),
          entry.marks(),
          entry.payloadBytes());
      offset += block.framedBytes(i);
    }
    return growth.ending(newEnd);
  }

  /** With one more block, as it was read. */
  public SegmentSummary with(Iterable<Head> block, long newEnd) {
    Growth growth = new Growth(this);
    for (Head head : block) {
      growth.add(
          head.shard(),
          head.kind(),
          RecordLayout.offset(head.position()),
          head.arrivalMillis(),
          head.marks(),
          head.payloadBytes());
    }
    return growth.ending(newEnd);
  }

  /** Adds up a block. */
  private static final class Growth {
    private final int blocks;
    private long records;
    private long marked;
    private long besides;
    private long payloadBytes;
    private long minArrival;
    private long maxArrival;
    private long stateOffset;
    private @Nullable Marks min;
    private @Nullable Marks max;

    private Growth(SegmentSummary from) {
      blocks = from.blocks;
      records = from.records;
      marked = from.marked;
      besides = from.besides;
      payloadBytes = from.payloadBytes;
      minArrival = from.minArrival;
      maxArrival = from.maxArrival;
      stateOffset = from.stateOffset;
      min = from.min;
      max = from.max;
    }

    private void add(
        int shard, int kind, long offset, long arrival, @Nullable Marks marks, long bytes) {
      if (kind == LaneState.KIND) {
        stateOffset = offset;
        return;
      }
      records++;
      minArrival = Math.min(minArrival, arrival);
      maxArrival = Math.max(maxArrival, arrival);
      if (marks != null) {
        marked++;
        besides += shard == 0 ? 0 : 1;
        payloadBytes += bytes;
        min = lower(min, marks);
        max = upper(max, marks);
      }
    }

    private SegmentSummary ending(long end) {
      return new SegmentSummary(
          end,
          blocks + 1,
          records,
          marked,
          besides,
          payloadBytes,
          minArrival,
          maxArrival,
          stateOffset,
          min,
          max);
    }
  }

  public static @Nullable Marks lower(@Nullable Marks one, @Nullable Marks other) {
    return one == null || other == null ? (one == null ? other : one) : one.min(other);
  }

  public static @Nullable Marks upper(@Nullable Marks one, @Nullable Marks other) {
    return one == null || other == null ? (one == null ? other : one) : one.max(other);
  }
}
