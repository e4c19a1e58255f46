package io.millrace.store.segment.memory;

import io.millrace.store.segment.file.RecordLayout;
import io.millrace.store.shard.Position;
import io.millrace.store.shard.StoredRecord;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Consecutive records of a segment in memory, grouped by shard, and in the order of the log within
 * each group, which is called a run. Immutable.
 */
public abstract class Records {
  private static final int OVERHEAD_BYTES = 200;
  private final int sequence;
  private final int[] shards;
  private final int[] starts;
  private final int[] offsets;

  /**
   * @param sequence of the segment
   * @param shards the shard of each record, ascending
   * @param offsets of the records in the file, unsigned, ascending within a shard; taken
   */
  Records(int sequence, int[] shards, int[] offsets) {
    this.sequence = sequence;
    this.offsets = offsets;
    int runs = 0;
    int[] distinct = new int[Math.min(shards.length, 16)];
    int[] begins = new int[distinct.length + 1];
    for (int i = 0; i < offsets.length; i++) {
      if (i == 0 || shards[i] != shards[i - 1]) {
        if (runs == distinct.length) {
          distinct = Arrays.copyOf(distinct, runs * 2);
          begins = Arrays.copyOf(begins, runs * 2 + 1);
        }
        distinct[runs] = shards[i];
        begins[runs++] = i;
      }
    }
    begins[runs] = offsets.length;
    this.shards = Arrays.copyOf(distinct, runs);
    this.starts = Arrays.copyOf(begins, runs + 1);
  }

  public final int sequence() {
    return sequence;
  }

  /** The run of a shard; negative when it has none. */
  public final int run(int shard) {
    return Arrays.binarySearch(shards, shard);
  }

  /** Index of the first record of a run. */
  public final int start(int run) {
    return starts[run];
  }

  /** Index behind the last record of a run. */
  public final int end(int run) {
    return starts[run + 1];
  }

  /**
   * Index of the first record of a run at or behind a position; {@link #end} when there is none.
   */
  public final int firstFrom(int run, long position) {
    int low = start(run);
    int high = end(run);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (positionValue(middle) < position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  public final long offset(int index) {
    return Integer.toUnsignedLong(offsets[index]);
  }

  public final long positionValue(int index) {
    return (long) sequence << 32 | offset(index);
  }

  public final Position position(int index) {
    return RecordLayout.position(sequence, offset(index));
  }

  /** A record, as read-only views. */
  public abstract StoredRecord record(int index);

  /** Its payload, as a read-only view. */
  public abstract ByteBuffer payload(int index);

  public abstract long arrivalMillis(int index);

  /** Bytes of memory that it keeps from being freed. */
  public final long memoryBytes() {
    return contentBytes() + OVERHEAD_BYTES + (long) offsets.length * 4 + (long) shards.length * 8;
  }

  abstract long contentBytes();
}
