package io.millrace.media.bits;

import java.nio.ByteBuffer;

/** Numbers of seven bits a byte, the lowest first (AV1 section 4.10.5). */
public final class Leb128 {
  private static final int MAX_BYTES = 8;

  private Leb128() {}

  /**
   * Bytes of the number at an index.
   *
   * @param from absolute index
   * @return 1 to 8; -1 where the buffer's limit comes first or the number is beyond an int
   */
  public static int length(ByteBuffer in, int from) {
    for (int i = 0; i < MAX_BYTES && from + i < in.limit(); i++) {
      int part = in.get(from + i);
      if ((i == 4 && (part & 0x78) != 0) || (i > 4 && (part & 0x7f) != 0)) {
        return -1;
      }
      if (part >= 0) {
        return i + 1;
      }
    }
    return -1;
  }

  /** The number at an index where {@link #length} found one: 0 to 2^31 - 1. */
  public static int value(ByteBuffer in, int from) {
    int value = 0;
    for (int i = 0; ; i++) {
      int part = in.get(from + i);
      if (i < 5) {
        value |= (part & 0x7f) << (7 * i);
      }
      if (part >= 0) {
        return value;
      }
    }
  }

  /** Bytes that a number takes, 1 to 5. */
  public static int bytesOf(int value) {
    int bytes = 1;
    for (int rest = value >>> 7; rest != 0; rest >>>= 7) {
      bytes++;
    }
    return bytes;
  }

  /** Writes a number that is not negative. */
  public static void put(ByteBuffer out, int value) {
    int rest = value;
    while (rest >= 0x80) {
      out.put((byte) (0x80 | rest));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }
}
