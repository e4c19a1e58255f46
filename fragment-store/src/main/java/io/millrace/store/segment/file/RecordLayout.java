package io.millrace.store.segment.file;

import io.millrace.store.shard.Entry;
import io.millrace.store.shard.Head;
import io.millrace.store.shard.Marks;
import io.millrace.store.shard.Position;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of blocks and records. A commit is one block: it begins at a multiple of 4 KiB, holds whole
 * records, each at a multiple of 8, and is padded with zeros to 4 KiB. Big endian.
 *
 * <pre>
 * block   0  4 "MRBK"          4  4 CRC-32C of epoch and 8..24
 *         8  4 number in file 12  4 length with this header, without padding
 *        16  4 records        20  4 zero
 * record  0  4 length          4  4 CRC-32C of epoch and 8..length
 *         8  1 kind            9  1 flags (1: has marks)   10  2 shard
 *        12  2 key length     14  1 attributes length      15  1 zero
 *        16  8 arrival, epoch ms
 *        24  [32 marks] [attributes] [key] payload
 * </pre>
 */
public final class RecordLayout {
  public static final int BLOCK_MAGIC = 0x4d52_424b;
  public static final int BLOCK_HEADER_BYTES = 24;
  public static final int RECORD_HEADER_BYTES = 24;
  public static final int MARKS_BYTES = 32;

  /** Bytes before the payload at most. */
  static final int MAX_HEAD_BYTES =
      RECORD_HEADER_BYTES + MARKS_BYTES + Entry.MAX_ATTRIBUTES + Entry.MAX_KEY;

  private static final int HAS_MARKS = 1;

  private RecordLayout() {}

  /** The position of a record, as the port shows it. */
  public static Position position(int sequence, long offset) {
    return new Position((long) sequence << 32 | offset);
  }

  public static int sequence(Position position) {
    return (int) (position.value() >>> 32);
  }

  public static long offset(Position position) {
    return position.value() & 0xffff_ffffL;
  }

  public static long align(long bytes) {
    return (bytes + 7) & -8L;
  }

  /** Bytes before the payload. */
  public static int headBytes(Entry entry) {
    return RECORD_HEADER_BYTES
        + (entry.marks() == null ? 0 : MARKS_BYTES)
        + entry.attributes().remaining()
        + entry.key().remaining();
  }

  /** Bytes before the payload. */
  public static int headBytes(Head head) {
    return RECORD_HEADER_BYTES
        + (head.marks() == null ? 0 : MARKS_BYTES)
        + head.attributes().remaining()
        + head.keyBytes();
  }

  /** Bytes of a record in a block, with what aligns the next one. */
  public static long framedBytes(Entry entry) {
    return align(headBytes(entry) + entry.payloadBytes());
  }

  /** The shard of a record. */
  public static int shard(ByteBuffer source, int at) {
    return Short.toUnsignedInt(source.getShort(at + 10));
  }

  /** The kind of a record. */
  public static int kind(ByteBuffer source, int at) {
    return Byte.toUnsignedInt(source.get(at + 8));
  }

  /** Whether the sizes in a record fit its length. */
  public static boolean isSound(ByteBuffer source, int at) {
    int keyBytes = Short.toUnsignedInt(source.getShort(at + 12));
    int attributeBytes = Byte.toUnsignedInt(source.get(at + 14));
    boolean marked = (source.get(at + 9) & HAS_MARKS) != 0;
    return keyBytes <= Entry.MAX_KEY
        && attributeBytes <= Entry.MAX_ATTRIBUTES
        && arrivalMillis(source, at) >= 0
        && source.getInt(at) - RECORD_HEADER_BYTES
            >= (marked ? MARKS_BYTES : 0) + attributeBytes + keyBytes;
  }

  /** When a record arrived, epoch ms. */
  public static long arrivalMillis(ByteBuffer source, int at) {
    return source.getLong(at + 16);
  }

  /** A checksum that has taken in the epoch. */
  public static CRC32C seeded(CRC32C crc, long epoch) {
    crc.reset();
    for (int shift = 56; shift >= 0; shift -= 8) {
      crc.update((int) (epoch >>> shift) & 0xff);
    }
    return crc;
  }

  /** Writes a block header at the position of the buffer. */
  public static void putBlockHeader(
      ByteBuffer target, CRC32C crc, long epoch, int number, int length, int records) {
    int at = target.position();
    target.putInt(BLOCK_MAGIC).putInt(0).putInt(number).putInt(length).putInt(records).putInt(0);
    target.putInt(at + 4, blockCrc(target, at, crc, epoch));
  }

  /** Whether a sound block header of this epoch stands at an index of the buffer. */
  public static boolean isBlockHeader(ByteBuffer source, int at, CRC32C crc, long epoch) {
    return source.getInt(at) == BLOCK_MAGIC
        && source.getInt(at + 4) == blockCrc(source, at, crc, epoch);
  }

  private static int blockCrc(ByteBuffer buffer, int at, CRC32C crc, long epoch) {
    seeded(crc, epoch)
        .update(buffer.duplicate().clear().limit(at + BLOCK_HEADER_BYTES).position(at + 8));
    return (int) crc.getValue();
  }

  /** Writes everything before the payload; the checksum is left zero. */
  public static void putFields(ByteBuffer target, int shard, Entry entry) {
    Marks marks = entry.marks();
    int length = (int) (headBytes(entry) + entry.payloadBytes());
    target.putInt(length).putInt(0);
    target.put((byte) entry.kind()).put((byte) (marks == null ? 0 : HAS_MARKS));
    target.putShort((short) shard).putShort((short) entry.key().remaining());
    target.put((byte) entry.attributes().remaining()).put((byte) 0);
    target.putLong(entry.arrivalMillis());
    if (marks != null) {
      target.putLong(marks.first()).putLong(marks.second());
      target.putLong(marks.third()).putLong(marks.fourth());
    }
    target.put(entry.attributes().duplicate()).put(entry.key().duplicate());
  }

  /**
   * Reads what stands before the payload of a record; null when the fields contradict each other.
   *
   * @param source holds at least the head from {@code at} on, unless it is cut by its limit
   */
  public static @Nullable Head head(ByteBuffer source, int at, Position position) {
    int length = source.getInt(at);
    boolean marked = (source.get(at + 9) & HAS_MARKS) != 0;
    int keyBytes = Short.toUnsignedInt(source.getShort(at + 12));
    int attributeBytes = Byte.toUnsignedInt(source.get(at + 14));
    int headBytes = RECORD_HEADER_BYTES + (marked ? MARKS_BYTES : 0) + attributeBytes + keyBytes;
    long arrival = source.getLong(at + 16);
    if (length < headBytes
        || keyBytes > Entry.MAX_KEY
        || attributeBytes > Entry.MAX_ATTRIBUTES
        || at + headBytes > source.limit()
        || arrival < 0) {
      return null;
    }
    int next = at + RECORD_HEADER_BYTES;
    Marks marks = null;
    if (marked) {
      marks =
          new Marks(
              source.getLong(next),
              source.getLong(next + 8),
              source.getLong(next + 16),
              source.getLong(next + 24));
      next += MARKS_BYTES;
    }
    ByteBuffer attributes = Entry.NO_BYTES;
    if (attributeBytes > 0) {
      byte[] bytes = new byte[attributeBytes];
      source.get(next, bytes);
      attributes = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }
    return new Head(
        position,
        Short.toUnsignedInt(source.getShort(at + 10)),
        Byte.toUnsignedInt(source.get(at + 8)),
        arrival,
        marks,
        attributes,
        keyBytes,
        length - headBytes);
  }
}
