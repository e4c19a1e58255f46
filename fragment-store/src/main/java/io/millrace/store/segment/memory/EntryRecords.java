package io.millrace.store.segment.memory;

import io.millrace.store.shard.Entry;
import io.millrace.store.shard.Head;
import io.millrace.store.shard.StoredRecord;
import java.nio.ByteBuffer;
import java.util.List;

/** Records as they came from their writers, for those that are too large to be copied. */
public final class EntryRecords extends Records {
  private static final int OVERHEAD_BYTES = 256;
  private final Entry[] entries;
  private final int[] shardOf;

  /**
   * @param entries the records; taken
   * @param shards as in {@link Records}; taken
   * @param offsets as in {@link Records}
   */
  public EntryRecords(int sequence, Entry[] entries, int[] shards, int[] offsets) {
    super(sequence, shards, offsets);
    this.entries = entries;
    this.shardOf = shards;
  }

  @Override
  public StoredRecord record(int index) {
    Entry entry = entries[index];
    Head head =
        new Head(
            position(index),
            shardOf[index],
            entry.kind(),
            entry.arrivalMillis(),
            entry.marks(),
            entry.attributes().asReadOnlyBuffer(),
            entry.key().remaining(),
            (int) entry.payloadBytes());
    return new StoredRecord(head, entry.key().asReadOnlyBuffer(), payload(index));
  }

  @Override
  public ByteBuffer payload(int index) {
    List<ByteBuffer> parts = entries[index].payload();
    if (parts.size() == 1) {
      return parts.getFirst().asReadOnlyBuffer();
    }
    ByteBuffer joined = ByteBuffer.allocate((int) entries[index].payloadBytes());
    parts.forEach(part -> joined.put(part.duplicate()));
    return joined.flip().asReadOnlyBuffer();
  }

  @Override
  public long arrivalMillis(int index) {
    return entries[index].arrivalMillis();
  }

  @Override
  long contentBytes() {
    long bytes = 0;
    for (Entry entry : entries) {
      bytes += entry.payloadBytes() + entry.key().remaining() + OVERHEAD_BYTES;
    }
    return bytes;
  }
}
