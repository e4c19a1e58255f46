package io.millrace.store.segment.file;

import io.millrace.store.shard.Entry;
import io.millrace.store.shard.Head;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The records of one commit, in the order in which they are written. Reused: owned by one writer
 * thread, valid until it is cleared.
 */
public final class Block {
  private @Nullable Entry[] entries = new Entry[64];
  private int[] shards = new int[64];
  private int[] offsets = new int[65];
  private int count;

  /** Begins anew. */
  public Block clear() {
    Arrays.fill(entries, 0, count, null);
    count = 0;
    offsets[0] = RecordLayout.BLOCK_HEADER_BYTES;
    return this;
  }

  /** Adds a record behind the others. */
  public Block add(int shard, Entry entry) {
    if (count == shards.length) {
      entries = Arrays.copyOf(entries, count * 2);
      shards = Arrays.copyOf(shards, count * 2);
      offsets = Arrays.copyOf(offsets, count * 2 + 1);
    }
    entries[count] = entry;
    shards[count] = shard;
    offsets[count + 1] = Math.toIntExact(offsets[count] + RecordLayout.framedBytes(entry));
    count++;
    return this;
  }

  /** Records in it. */
  public int count() {
    return count;
  }

  /** Bytes of the block, without padding. */
  public int length() {
    return offsets[count];
  }

  public Entry entry(int index) {
    Entry entry = entries[index];
    if (entry == null) {
      throw new IndexOutOfBoundsException(index);
    }
    return entry;
  }

  public int shard(int index) {
    return shards[index];
  }

  /** A copy of the shards of all records. */
  public int[] shards() {
    return Arrays.copyOf(shards, count);
  }

  /** A copy of all records. */
  public Entry[] entries() {
    Entry[] all = new Entry[count];
    System.arraycopy(entries, 0, all, 0, count);
    return all;
  }

  /** Bytes of a record in the block, with what aligns the next one. */
  int framedBytes(int index) {
    return offsets[index + 1] - offsets[index];
  }

  /** Offsets of the records in the file, for a block that begins at an offset. */
  public int[] offsets(long blockStart) {
    int[] inFile = new int[count];
    for (int i = 0; i < count; i++) {
      inFile[i] = (int) (blockStart + offsets[i]);
    }
    return inFile;
  }

  /** The head of a record, for a block that begins at an offset of a segment. */
  public Head head(int index, int sequence, long blockStart) {
    Entry entry = entry(index);
    return new Head(
        RecordLayout.position(sequence, blockStart + offsets[index]),
        shards[index],
        entry.kind(),
        entry.arrivalMillis(),
        entry.marks(),
        entry.attributes().asReadOnlyBuffer(),
        entry.key().remaining(),
        (int) entry.payloadBytes());
  }

  /** Payload bytes of all records. */
  public long payloadBytes() {
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      bytes += entry(i).payloadBytes();
    }
    return bytes;
  }
}
