package io.millrace.store.segment;

import io.millrace.store.segment.file.RecordLayout;
import io.millrace.store.shard.Position;
import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;

/** The positions of consecutive records of a block, made when they are asked for. Immutable. */
final class Positions extends AbstractList<Position> implements RandomAccess {
  private final int sequence;
  private final int[] offsets;
  private final int from;
  private final int count;

  /**
   * @param sequence of the segment
   * @param offsets of all records of the block; borrowed for good
   * @param from index of the first
   */
  Positions(int sequence, int[] offsets, int from, int count) {
    this.sequence = sequence;
    this.offsets = offsets;
    this.from = from;
    this.count = count;
  }

  @Override
  public Position get(int index) {
    return RecordLayout.position(
        sequence, Integer.toUnsignedLong(offsets[from + Objects.checkIndex(index, count)]));
  }

  @Override
  public int size() {
    return count;
  }
}
