package io.millrace.store.segment.file;

import io.millrace.store.shard.Head;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Entries of one segment: the head of every record with marks, and the windows in which the segment
 * is read, each some consecutive blocks. One writer, many readers.
 */
public final class SegmentIndex {
  /** A window ends with the first block that makes it this large. */
  public static final int WINDOW_BYTES = 1 << 20;

  private static final int SHARDS_PER_ENTRY = 32;

  private Head[] heads = new Head[8];
  private int headCount;
  private final List<Window> windows = new ArrayList<>();

  /**
   * Consecutive blocks.
   *
   * @param offset where the first begins
   * @param arrivalBefore latest arrival of all records of the segment before it, epoch ms; -1 for
   *     none
   * @param shards the shards that have records in it
   */
  public record Window(long offset, long arrivalBefore, ShardSet shards) {
    private Window with(ShardSet more) {
      ShardSet all = shards.with(more);
      return all == shards ? this : new Window(offset, arrivalBefore, all);
    }
  }

  public synchronized void add(Head head) {
    if (headCount == heads.length) {
      heads = Arrays.copyOf(heads, headCount * 2);
    }
    heads[headCount++] = head;
  }

  /**
   * Notes a block.
   *
   * @param offset where it begins
   * @param arrivalBefore latest arrival in the segment before it
   * @param shards the shards of its records; the lane's own records are of none
   */
  public synchronized void block(long offset, long arrivalBefore, ShardSet shards) {
    if (windows.isEmpty() || offset - windows.getLast().offset() >= WINDOW_BYTES) {
      windows.add(new Window(offset, arrivalBefore, shards));
    } else {
      windows.set(windows.size() - 1, windows.getLast().with(shards));
    }
  }

  public synchronized void window(Window window) {
    windows.add(window);
  }

  /** Number of heads. */
  public synchronized int size() {
    return headCount;
  }

  /** What it takes in memory, in heads. */
  public synchronized long weight() {
    long shards = 0;
    for (Window window : windows) {
      shards += window.shards().size();
    }
    return headCount + windows.size() + shards / SHARDS_PER_ENTRY;
  }

  public synchronized List<Head> heads() {
    return Collections.unmodifiableList(Arrays.asList(Arrays.copyOf(heads, headCount)));
  }

  /** The newest ones, oldest first. */
  public synchronized List<Head> newest(int limit) {
    return Arrays.asList(Arrays.copyOfRange(heads, Math.max(0, headCount - limit), headCount));
  }

  public synchronized List<Window> windows() {
    return List.copyOf(windows);
  }

  /** Whether a shard has records in a window that does not end before an offset. */
  public synchronized boolean holds(int shard, long from) {
    for (int i = windows.size() - 1; i >= 0; i--) {
      if (windows.get(i).shards().contains(shard)) {
        return true;
      }
      if (windows.get(i).offset() <= from) {
        return false;
      }
    }
    return false;
  }

  /** Every shard that has records in the segment. */
  public synchronized ShardSet shards() {
    ShardSet all = ShardSet.EMPTY;
    for (Window window : windows) {
      all = all.with(window.shards());
    }
    return all;
  }
}
