package io.millrace.store.segment.file;

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
    long payloadBytes,
    long minArrival,
    long maxArrival,
    long stateOffset,
    @Nullable Marks min,
    @Nullable Marks max) {
  /** Of a segment with nothing but its header. */
  public static final SegmentSummary EMPTY =
      new SegmentSummary(SegmentHeader.BYTES, 0, 0, 0, 0, Long.MAX_VALUE, -1, 0, null, null);

  /** With one more record of the block that is being added. */
  public SegmentSummary with(Head head) {
    if (head.kind() == LaneState.KIND) {
      return new SegmentSummary(
          end,
          blocks,
          records,
          marked,
          payloadBytes,
          minArrival,
          maxArrival,
          RecordLayout.offset(head.position()),
          min,
          max);
    }
    Marks marks = head.marks();
    return new SegmentSummary(
        end,
        blocks,
        records + 1,
        marked + (marks == null ? 0 : 1),
        payloadBytes + (marks == null ? 0 : head.payloadBytes()),
        Math.min(minArrival, head.arrivalMillis()),
        Math.max(maxArrival, head.arrivalMillis()),
        stateOffset,
        lower(min, marks),
        upper(max, marks));
  }

  /** With the block complete that ends here. */
  public SegmentSummary ending(long newEnd) {
    return new SegmentSummary(
        newEnd,
        blocks + 1,
        records,
        marked,
        payloadBytes,
        minArrival,
        maxArrival,
        stateOffset,
        min,
        max);
  }

  public static @Nullable Marks lower(@Nullable Marks one, @Nullable Marks other) {
    return one == null || other == null ? (one == null ? other : one) : one.min(other);
  }

  public static @Nullable Marks upper(@Nullable Marks one, @Nullable Marks other) {
    return one == null || other == null ? (one == null ? other : one) : one.max(other);
  }
}
