package io.millrace.store.segment.memory;

import io.millrace.store.shard.Position;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest records of one shard in memory: its runs in the blocks that its lane still holds, in
 * the order of the log. Thread-safe.
 */
public final class ShardTail {
  private static final Records[] NONE = new Records[0];
  private static final int[] NO_RUNS = new int[0];

  /** A ring: the oldest is at {@code first}. */
  private Records[] blocks = NONE;

  private int[] runs = NO_RUNS;
  private int first;
  private int count;
  private volatile Position end;

  /**
   * One run of a shard.
   *
   * @param records the block it is in
   * @param run its number there
   */
  public record Run(Records records, int run) {}

  /**
   * @param end a position behind all records the shard has
   */
  public ShardTail(Position end) {
    this.end = end;
  }

  /**
   * A position behind the last record of the shard; right behind it once a record was added. Read
   * it before anything else: it rises after the record can be read, and before the lane's end does.
   */
  public Position end() {
    return end;
  }

  /** Says where the shard ends now. */
  void end(Position behind) {
    end = behind;
  }

  synchronized void add(Records records, int run) {
    if (count == blocks.length) {
      grow();
    }
    int at = (first + count) & (blocks.length - 1);
    blocks[at] = records;
    runs[at] = run;
    count++;
  }

  private void grow() {
    Records[] wider = new Records[Math.max(4, count * 2)];
    int[] widerRuns = new int[wider.length];
    for (int i = 0; i < count; i++) {
      int at = (first + i) & (blocks.length - 1);
      wider[i] = blocks[at];
      widerRuns[i] = runs[at];
    }
    blocks = wider;
    runs = widerRuns;
    first = 0;
  }

  /** Lets go of the oldest run. */
  @SuppressWarnings("NullAway") // A place that is not in use holds nothing.
  synchronized void removeFirst() {
    blocks[first] = null;
    first = (first + 1) & (blocks.length - 1);
    count--;
    if (count == 0) {
      blocks = NONE;
      runs = NO_RUNS;
      first = 0;
    }
  }

  /** The runs with records at or behind a position, oldest first, of so many records or more. */
  public synchronized List<Run> from(long position, int records) {
    List<Run> found = new ArrayList<>();
    int taken = 0;
    for (int i = firstFrom(position); i < count && taken < records; i++) {
      int at = (first + i) & (blocks.length - 1);
      found.add(new Run(blocks[at], runs[at]));
      int start =
          taken == 0 ? blocks[at].firstFrom(runs[at], position) : blocks[at].start(runs[at]);
      taken += blocks[at].end(runs[at]) - start;
    }
    return found;
  }

  /** The payload of a record; null when it is not held. */
  public synchronized @Nullable ByteBuffer payload(long position) {
    int i = firstFrom(position);
    if (i == count) {
      return null;
    }
    int at = (first + i) & (blocks.length - 1);
    int index = blocks[at].firstFrom(runs[at], position);
    return blocks[at].positionValue(index) == position ? blocks[at].payload(index) : null;
  }

  /** Number of the first run that has a record at or behind a position. */
  private int firstFrom(long position) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int at = (first + middle) & (blocks.length - 1);
      if (blocks[at].positionValue(blocks[at].end(runs[at]) - 1) < position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
