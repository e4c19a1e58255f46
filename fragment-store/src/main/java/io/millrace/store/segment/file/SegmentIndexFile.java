package io.millrace.store.segment.file;

import io.millrace.store.segment.storage.Storage;
import io.millrace.store.shard.Entry;
import io.millrace.store.shard.Head;
import io.millrace.store.shard.Marks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The side file of a segment: its summary, then its entries. Rebuildable from the segment, so it is
 * not synced; a damaged one is built anew.
 *
 * <pre>
 *   0  6 "MRIDX\0"     6 2 version    8 4 CRC-32C of 12..160
 *  12  4 sequence     16 8 epoch     24 8 created, epoch ms  32 4 limit   36 4 end
 *  40  4 blocks       44 4 heads     48 4 bytes of windows   52 4 state offset
 *  56  8 records      64 8 payload   72 8 min arrival        80 8 max arrival
 *  88  4 flags (1: min and max are set, 2: end is final) and, from bit 2 on, heads that are not of
 *        shard 0 (0 in older indexes)  92 4 CRC-32C of the body
 *  96 32 min marks   128 32 max marks
 * 160  heads of 72: 4 offset, 4 payload, 2 shard, 1 kind, 1 attribute bytes, 4 key bytes,
 *      8 arrival, 32 marks, 16 attributes
 *      then windows: 8 offset, 8 latest arrival before, 4 shards, 2 for each
 * </pre>
 *
 * <p>A version 1 is taken for damaged, and so replaced.
 *
 * @param sequence of the segment
 * @param epoch of the segment
 * @param createdMillis of the segment
 * @param limitBytes of the segment
 * @param summary what it held when this was written
 * @param isFinal whether the segment had ended then
 * @param heads entries in the body
 * @param windowBytes bytes of the windows in the body
 * @param bodyCrc checksum of the body
 */
public record SegmentIndexFile(
    int sequence,
    long epoch,
    long createdMillis,
    long limitBytes,
    SegmentSummary summary,
    boolean isFinal,
    int heads,
    int windowBytes,
    int bodyCrc) {
  public static final int HEADER_BYTES = 160;
  public static final int HEAD_BYTES = 72;

  /** Of a window without shards. */
  static final int WINDOW_BYTES = 20;

  private static final long MAGIC = 0x4d52_4944_5800L;
  private static final int VERSION = 2;
  private static final int MARKED = 1;
  private static final int FINAL = 2;
  private static final int FLAG_BITS = 2;

  /** Bytes of the body. */
  public long bodyBytes() {
    return (long) heads * HEAD_BYTES + windowBytes;
  }

  /** The whole file for a segment. */
  public static byte[] encode(
      SegmentHeader segment,
      SegmentSummary summary,
      boolean isFinal,
      List<Head> heads,
      List<SegmentIndex.Window> windows) {
    int windowBytes = 0;
    for (SegmentIndex.Window window : windows) {
      windowBytes += WINDOW_BYTES + window.shards().size() * Character.BYTES;
    }
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + heads.size() * HEAD_BYTES + windowBytes);
    out.putLong(MAGIC << 16 | VERSION).putInt(0);
    out.putInt(segment.sequence()).putLong(segment.epoch()).putLong(segment.createdMillis());
    out.putInt((int) segment.limitBytes()).putInt((int) summary.end()).putInt(summary.blocks());
    out.putInt(heads.size()).putInt(windowBytes).putInt((int) summary.stateOffset());
    out.putLong(summary.records()).putLong(summary.payloadBytes());
    out.putLong(summary.minArrival()).putLong(summary.maxArrival());
    Marks min = summary.min();
    Marks max = summary.max();
    int flags = (min == null ? 0 : MARKED) | (isFinal ? FINAL : 0);
    out.putInt((int) summary.besides() << FLAG_BITS | flags).putInt(0);
    putMarks(out, min);
    putMarks(out, max);
    heads.forEach(head -> putHead(out, head));
    windows.forEach(window -> putWindow(out, window));
    out.putInt(92, crc(out, HEADER_BYTES, out.capacity()));
    out.putInt(8, crc(out, 12, HEADER_BYTES));
    return out.array();
  }

  /**
   * Reads the header.
   *
   * @throws IOException if it is damaged or of another version
   */
  public static SegmentIndexFile decodeHeader(byte[] bytes) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length < HEADER_BYTES
        || in.getLong(0) != (MAGIC << 16 | VERSION)
        || in.getInt(8) != crc(in, 12, HEADER_BYTES)) {
      throw new IOException("not a sound segment index");
    }
    boolean marked = (in.getInt(88) & MARKED) != 0;
    int heads = in.getInt(44);
    int windowBytes = in.getInt(48);
    SegmentSummary summary =
        new SegmentSummary(
            Integer.toUnsignedLong(in.getInt(36)),
            in.getInt(40),
            in.getLong(56),
            heads,
            in.getInt(88) >>> FLAG_BITS,
            in.getLong(64),
            in.getLong(72),
            in.getLong(80),
            Integer.toUnsignedLong(in.getInt(52)),
            marked ? marks(in, 96) : null,
            marked ? marks(in, 128) : null);
    SegmentIndexFile header =
        new SegmentIndexFile(
            in.getInt(12),
            in.getLong(16),
            in.getLong(24),
            Integer.toUnsignedLong(in.getInt(32)),
            summary,
            (in.getInt(88) & FINAL) != 0,
            heads,
            windowBytes,
            in.getInt(92));
    if (heads < 0
        || windowBytes < 0
        || header.sequence < 1
        || summary.blocks() < 0
        || summary.besides() > heads
        || summary.end() < SegmentHeader.BYTES
        || summary.end() % Storage.ALIGNMENT != 0
        || header.bodyBytes() > Integer.MAX_VALUE) {
      throw new IOException("segment index with impossible sizes");
    }
    return header;
  }

  /**
   * Reads the entries.
   *
   * @throws IOException if they are damaged or cut
   */
  public SegmentIndex decodeBody(byte[] body) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(body);
    if (body.length != bodyBytes() || crc(in, 0, body.length) != bodyCrc) {
      throw new IOException("segment index does not match its checksum");
    }
    SegmentIndex index = new SegmentIndex();
    for (int i = 0; i < heads; i++) {
      index.add(head(in, i * HEAD_BYTES));
    }
    in.position(heads * HEAD_BYTES);
    while (in.hasRemaining()) {
      index.window(window(in));
    }
    return index;
  }

  private static void putWindow(ByteBuffer out, SegmentIndex.Window window) {
    out.putLong(window.offset()).putLong(window.arrivalBefore()).putInt(window.shards().size());
    for (int i = 0; i < window.shards().size(); i++) {
      out.putChar((char) window.shards().number(i));
    }
  }

  private static SegmentIndex.Window window(ByteBuffer in) throws IOException {
    int count = in.remaining() < WINDOW_BYTES ? -1 : in.getInt(in.position() + WINDOW_BYTES - 4);
    if (count < 0 || (in.remaining() - WINDOW_BYTES) / Character.BYTES < count) {
      throw new IOException("segment index window with impossible sizes");
    }
    long offset = in.getLong();
    long arrivalBefore = in.getLong();
    in.getInt();
    char[] shards = new char[count];
    for (int i = 0; i < count; i++) {
      shards[i] = in.getChar();
    }
    return new SegmentIndex.Window(offset, arrivalBefore, ShardSet.of(shards));
  }

  private static void putHead(ByteBuffer out, Head head) {
    out.putInt((int) RecordLayout.offset(head.position())).putInt(head.payloadBytes());
    out.putShort((short) head.shard()).put((byte) head.kind());
    out.put((byte) head.attributes().remaining()).putInt(head.keyBytes());
    out.putLong(head.arrivalMillis());
    putMarks(out, head.marks());
    int end = out.position() + Entry.MAX_ATTRIBUTES;
    out.put(head.attributes().duplicate());
    while (out.position() < end) {
      out.put((byte) 0);
    }
  }

  private Head head(ByteBuffer in, int at) throws IOException {
    byte[] attributes = new byte[Byte.toUnsignedInt(in.get(at + 11))];
    long offset = Integer.toUnsignedLong(in.getInt(at));
    int payloadBytes = in.getInt(at + 4);
    int keyBytes = in.getInt(at + 12);
    if (attributes.length > Entry.MAX_ATTRIBUTES
        || keyBytes < 0
        || keyBytes > Entry.MAX_KEY
        || payloadBytes < 0
        || offset + payloadBytes > summary.end()) {
      throw new IOException("segment index entry with impossible sizes");
    }
    in.get(at + 56, attributes);
    return new Head(
        RecordLayout.position(sequence, offset),
        Short.toUnsignedInt(in.getShort(at + 8)),
        Byte.toUnsignedInt(in.get(at + 10)),
        in.getLong(at + 16),
        marks(in, at + 24),
        attributes.length == 0 ? Entry.NO_BYTES : ByteBuffer.wrap(attributes).asReadOnlyBuffer(),
        keyBytes,
        payloadBytes);
  }

  private static void putMarks(ByteBuffer out, @Nullable Marks marks) {
    Marks written = marks == null ? new Marks(0, 0, 0, 0) : marks;
    out.putLong(written.first()).putLong(written.second());
    out.putLong(written.third()).putLong(written.fourth());
  }

  private static Marks marks(ByteBuffer in, int at) {
    return new Marks(in.getLong(at), in.getLong(at + 8), in.getLong(at + 16), in.getLong(at + 24));
  }

  private static int crc(ByteBuffer buffer, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.duplicate().clear().limit(to).position(from));
    return (int) crc.getValue();
  }
}
