package io.millrace.store.segment.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * First 4 KiB of a segment file. It is durable before the first block, and its epoch goes into
 * every checksum of the file, so that what a recycled file held before never matches.
 *
 * <pre>
 *  0  6 "MRSEG\0"          6  2 version
 *  8  4 CRC-32C of 12..4096
 * 12  4 sequence          16  8 epoch
 * 24  8 created, epoch ms 32  4 end of the predecessor's data
 * 36  4 limit in bytes    40  8 stream created, epoch ms
 * 48  2 name length       50  n stream name, UTF-8; zeros to 4096
 * </pre>
 *
 * @param sequence number of the segment in its lane, from 1
 * @param epoch random; seeds every checksum
 * @param createdMillis when it was begun
 * @param previousEnd offset at which the data of the segment before it ends; 0 for the first
 * @param limitBytes size it may grow to
 * @param stream name of the stream, for the operator
 * @param streamCreatedMillis the stream's creation time
 */
public record SegmentHeader(
    int sequence,
    long epoch,
    long createdMillis,
    long previousEnd,
    long limitBytes,
    String stream,
    long streamCreatedMillis) {
  public static final int BYTES = 4096;
  private static final long MAGIC = 0x4d52_5345_4700L;
  private static final int VERSION = 1;
  private static final int MAX_NAME_BYTES = 1024;

  /** Writes it at the position of the buffer, {@link #BYTES} long. */
  public void encode(ByteBuffer target) {
    int at = target.position();
    byte[] name = stream.getBytes(StandardCharsets.UTF_8);
    target.putLong(MAGIC << 16 | VERSION).putInt(0);
    target.putInt(sequence).putLong(epoch).putLong(createdMillis);
    target.putInt((int) previousEnd).putInt((int) limitBytes).putLong(streamCreatedMillis);
    target.putShort((short) name.length).put(name);
    while (target.position() < at + BYTES) {
      target.put((byte) 0);
    }
    target.putInt(at + 8, crc(target, at));
  }

  /**
   * Reads it from the position of the buffer.
   *
   * @throws IOException if it is none, is damaged or is of a later version
   */
  public static SegmentHeader decode(ByteBuffer source) throws IOException {
    if (source.remaining() < BYTES) {
      throw new IOException("segment header cut at " + source.remaining() + " bytes");
    }
    int at = source.position();
    long lead = source.getLong(at);
    if (lead >>> 16 != MAGIC) {
      throw new IOException("not a segment file");
    }
    if ((lead & 0xffff) != VERSION) {
      throw new IOException("segment of version %d, known is %d".formatted(lead & 0xffff, VERSION));
    }
    int nameBytes = Short.toUnsignedInt(source.getShort(at + 48));
    if (source.getInt(at + 8) != crc(source, at) || nameBytes > MAX_NAME_BYTES) {
      throw new IOException("segment header does not match its checksum");
    }
    byte[] name = new byte[nameBytes];
    source.get(at + 50, name);
    return new SegmentHeader(
        source.getInt(at + 12),
        source.getLong(at + 16),
        source.getLong(at + 24),
        Integer.toUnsignedLong(source.getInt(at + 32)),
        Integer.toUnsignedLong(source.getInt(at + 36)),
        new String(name, StandardCharsets.UTF_8),
        source.getLong(at + 40));
  }

  private static int crc(ByteBuffer buffer, int at) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.duplicate().clear().limit(at + BYTES).position(at + 12));
    return (int) crc.getValue();
  }
}
