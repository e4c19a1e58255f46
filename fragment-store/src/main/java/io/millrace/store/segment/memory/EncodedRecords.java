package io.millrace.store.segment.memory;

import io.millrace.store.segment.file.RecordLayout;
import io.millrace.store.shard.Head;
import io.millrace.store.shard.StoredRecord;
import java.nio.ByteBuffer;

/** Records as they are on disk, checked. */
public final class EncodedRecords extends Records {
  private final ByteBuffer bytes;
  private final long start;

  /**
   * @param bytes of the segment; taken
   * @param start offset of the first byte in the segment
   * @param shards as in {@link Records}
   * @param offsets as in {@link Records}
   */
  public EncodedRecords(int sequence, byte[] bytes, long start, int[] shards, int[] offsets) {
    super(sequence, shards, offsets);
    this.bytes = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    this.start = start;
  }

  private int at(int index) {
    return (int) (offset(index) - start);
  }

  private Head head(int index) {
    Head head = RecordLayout.head(bytes, at(index), position(index));
    if (head == null) {
      throw new IllegalStateException("a checked record is no record");
    }
    return head;
  }

  @Override
  public StoredRecord record(int index) {
    Head head = head(index);
    int payload = at(index) + RecordLayout.headBytes(head);
    return new StoredRecord(
        head,
        bytes.slice(payload - head.keyBytes(), head.keyBytes()),
        bytes.slice(payload, head.payloadBytes()));
  }

  @Override
  public ByteBuffer payload(int index) {
    return record(index).payload();
  }

  @Override
  public long arrivalMillis(int index) {
    return RecordLayout.arrivalMillis(bytes, at(index));
  }

  @Override
  long contentBytes() {
    return bytes.capacity();
  }
}
