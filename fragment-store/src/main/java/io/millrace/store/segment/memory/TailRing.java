package io.millrace.store.segment.memory;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;

/**
 * The blocks committed last, over all lanes, within a number of bytes: who reads at the end of a
 * log never touches the disk. The oldest block leaves first, whichever lane it is of. Thread-safe.
 */
public final class TailRing {
  private final long maxBytes;
  private final LinkedHashSet<Held> order = new LinkedHashSet<>();
  private long bytes;

  /** A block that is held, by identity. */
  static final class Held {
    private final Records records;
    private final ShardTail[] shards;
    private final LaneTail lane;
    private final long end;

    /**
     * @param shards of the runs, in their order
     * @param end position behind the block
     */
    Held(Records records, ShardTail[] shards, LaneTail lane, long end) {
      this.records = records;
      this.shards = shards;
      this.lane = lane;
      this.end = end;
    }
  }

  public TailRing(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Bytes held. */
  public synchronized long bytes() {
    return bytes;
  }

  /** Whether a block fits at all. */
  boolean takes(Records records) {
    return records.memoryBytes() <= maxBytes;
  }

  synchronized void add(Held block, ArrayDeque<Held> ofLane) {
    order.add(block);
    ofLane.addLast(block);
    bytes += block.records.memoryBytes();
    while (bytes > maxBytes) {
      Held oldest = order.getFirst();
      oldest.lane.letGoOfOldest();
    }
  }

  /** Lets go of the oldest block of a lane. */
  synchronized void remove(ArrayDeque<Held> ofLane) {
    Held oldest = ofLane.removeFirst();
    order.remove(oldest);
    bytes -= oldest.records.memoryBytes();
    // First said, then done: who finds a run missing finds that the lane holds less.
    oldest.lane.heldFrom(oldest.end);
    for (ShardTail shard : oldest.shards) {
      shard.removeFirst();
    }
  }

  /** Lets go of the blocks of a lane up to a segment. */
  synchronized void removeThrough(int sequence, ArrayDeque<Held> ofLane) {
    while (!ofLane.isEmpty() && ofLane.getFirst().records.sequence() <= sequence) {
      remove(ofLane);
    }
  }
}
