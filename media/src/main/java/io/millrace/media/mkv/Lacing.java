package io.millrace.media.mkv;

import io.millrace.media.ebml.VarInt;
import io.millrace.media.track.MediaException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Where the frames of a laced block lie (RFC 9559 section 10.3). */
final class Lacing {
  private static final int XIPH = 0x02;
  private static final int FIXED = 0x04;

  /** Offset of the first frame within the block. */
  final int start;

  /** Bytes of each frame, in order. */
  final int[] sizes;

  private Lacing(int start, int[] sizes) {
    this.start = start;
    this.sizes = sizes;
  }

  /**
   * Reads the lacing header.
   *
   * @param block the whole block from index 0 to its limit
   * @param at offset of the lacing header
   * @param kind the two lacing bits of the flags, not 0
   */
  static Lacing read(ByteBuffer block, int at, int kind, Refusal refusal) throws MediaException {
    if (at >= block.limit()) {
      throw refusal.malformed("laced block has no frame count");
    }
    int[] sizes = new int[(block.get(at) & 0xff) + 1];
    Cursor cursor = new Cursor(block, at + 1, refusal);
    switch (kind) {
      case XIPH -> {
        for (int i = 0; i < sizes.length - 1; i++) {
          sizes[i] = cursor.xiph();
        }
      }
      case FIXED -> {
        int bytes = block.limit() - cursor.at;
        if (bytes % sizes.length != 0) {
          throw refusal.malformed(
              "%d bytes do not divide into %d frames of fixed size".formatted(bytes, sizes.length));
        }
        Arrays.fill(sizes, bytes / sizes.length);
        return new Lacing(cursor.at, sizes);
      }
      default -> {
        long size = 0;
        for (int i = 0; i < sizes.length - 1; i++) {
          size = i == 0 ? cursor.unsigned() : size + cursor.signed();
          if (size < 0 || size > block.limit()) {
            throw refusal.malformed("laced frame of " + size + " bytes");
          }
          sizes[i] = (int) size;
        }
      }
    }
    long last = (long) block.limit() - cursor.at;
    for (int i = 0; i < sizes.length - 1; i++) {
      last -= sizes[i];
    }
    if (last < 0) {
      throw refusal.malformed("laced frames are longer than their block");
    }
    sizes[sizes.length - 1] = (int) last;
    return new Lacing(cursor.at, sizes);
  }

  private static final class Cursor {
    private final ByteBuffer block;
    private int at;
    private final Refusal refusal;
    private int length;

    private Cursor(ByteBuffer block, int at, Refusal refusal) {
      this.block = block;
      this.at = at;
      this.refusal = refusal;
    }

    private int next() throws MediaException {
      if (at >= block.limit()) {
        throw refusal.malformed("lacing header is longer than its block");
      }
      return block.get(at++) & 0xff;
    }

    private int xiph() throws MediaException {
      int size = 0;
      int part;
      do {
        part = next();
        size += part;
      } while (part == 255);
      return size;
    }

    private long unsigned() throws MediaException {
      int first = next();
      length = VarInt.lengthOf(first);
      if (length > VarInt.MAX_LENGTH) {
        throw refusal.malformed("laced frame size has more than 8 bytes");
      }
      long value = VarInt.firstBits(first, length);
      for (int i = 1; i < length; i++) {
        value = value << 8 | next();
      }
      return value;
    }

    private long signed() throws MediaException {
      long value = unsigned();
      return value - ((1L << (7 * length - 1)) - 1);
    }
  }
}
