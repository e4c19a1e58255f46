package io.millrace.store.segment.file;

import io.millrace.store.shard.Head;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Entries of one segment: the head of every record with marks, and sparse points at which blocks
 * begin. One writer, many readers.
 */
public final class SegmentIndex {
  /** Bytes of the segment between two points. */
  public static final int POINT_SPACING_BYTES = 64 << 10;

  private Head[] heads = new Head[8];
  private int headCount;
  private final List<Point> points = new ArrayList<>();

  /**
   * A block to start reading from.
   *
   * @param offset where it begins
   * @param arrivalMillis when its first record arrived
   */
  public record Point(long offset, long arrivalMillis) {}

  public synchronized void add(Head head) {
    if (headCount == heads.length) {
      heads = Arrays.copyOf(heads, headCount * 2);
    }
    heads[headCount++] = head;
  }

  /** Notes a block, if the last noted one is far enough before it. */
  public synchronized void block(long offset, long arrivalMillis) {
    if (points.isEmpty() || offset - points.getLast().offset() >= POINT_SPACING_BYTES) {
      points.add(new Point(offset, arrivalMillis));
    }
  }

  public synchronized void point(Point point) {
    points.add(point);
  }

  public synchronized int size() {
    return headCount;
  }

  public synchronized List<Head> heads() {
    return Collections.unmodifiableList(Arrays.asList(Arrays.copyOf(heads, headCount)));
  }

  /** The newest ones, oldest first. */
  public synchronized List<Head> newest(int limit) {
    return Arrays.asList(Arrays.copyOfRange(heads, Math.max(0, headCount - limit), headCount));
  }

  public synchronized List<Point> points() {
    return List.copyOf(points);
  }

  /** The last noted block at or before an offset; the first block when there is none. */
  public synchronized long pointBefore(long offset) {
    int low = 0;
    int high = points.size() - 1;
    long found = SegmentHeader.BYTES;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (points.get(middle).offset() <= offset) {
        found = points.get(middle).offset();
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return found;
  }
}
