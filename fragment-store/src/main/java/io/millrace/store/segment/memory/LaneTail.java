package io.millrace.store.segment.memory;

import io.millrace.store.shard.Position;
import java.util.ArrayDeque;

/**
 * The newest blocks of one lane in memory. Its writer thread adds; any thread may make the oldest
 * leave.
 */
public final class LaneTail {
  private final TailRing ring;
  private final ArrayDeque<TailRing.Held> blocks = new ArrayDeque<>();
  private volatile long heldFrom;

  public LaneTail(TailRing ring) {
    this.ring = ring;
  }

  /**
   * Every record of the lane at or behind this position is held. Read it after the runs of a shard:
   * they are complete from a position on if it is not greater.
   */
  public long heldFrom() {
    return heldFrom;
  }

  /** Says that nothing before a position is held. */
  public void heldFrom(long position) {
    heldFrom = position;
  }

  /**
   * Adds a block that is durable.
   *
   * @param shards of its runs, in their order
   * @param end position behind it
   */
  public void add(Records records, ShardTail[] shards, Position end) {
    if (ring.takes(records)) {
      for (int run = 0; run < shards.length; run++) {
        shards[run].add(records, run);
      }
      ring.add(new TailRing.Held(records, shards, this, end.value()), blocks);
    } else {
      ring.removeThrough(records.sequence(), blocks);
      heldFrom = end.value();
    }
    for (int run = 0; run < shards.length; run++) {
      shards[run].end(new Position(records.positionValue(records.end(run) - 1) + 1));
    }
  }

  /** Lets go of the blocks up to a segment. */
  public void removeThrough(int sequence) {
    ring.removeThrough(sequence, blocks);
  }

  /** With the lock of the ring. */
  void letGoOfOldest() {
    ring.remove(blocks);
  }
}
