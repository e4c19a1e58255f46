package io.millrace.media.ebml;

import java.nio.ByteBuffer;

/**
 * EBML variable-size integers (RFC 8794 section 4): leading zero bits of the first byte give the
 * length, a marker bit follows, the rest is the value, most significant bits first.
 */
public final class VarInt {
  /** Longest form in bytes. */
  public static final int MAX_LENGTH = 8;

  /** Decoded value of a size whose value bits are all ones. */
  public static final long UNKNOWN = -1;

  private VarInt() {}

  /** Bytes of the integer that starts with this byte: 1 to 8, or 9 when the byte is zero. */
  public static int lengthOf(int firstByte) {
    return Integer.numberOfLeadingZeros(firstByte & 0xff) - 23;
  }

  /** Value bits of the first byte of an integer of this length. */
  public static int firstBits(int firstByte, int length) {
    return firstByte & ((1 << (8 - length)) - 1);
  }

  /** The value whose bits are all ones: as a size it means unknown. */
  public static long allOnes(int length) {
    return (1L << (7 * length)) - 1;
  }

  /** Shortest length that holds the value and does not read as unknown. */
  public static int encodedLength(long value) {
    if (value < 0 || value >= allOnes(MAX_LENGTH)) {
      throw new IllegalArgumentException("not an EBML size: " + value);
    }
    int length = 1;
    while (value >= allOnes(length)) {
      length++;
    }
    return length;
  }

  /** Puts the value in exactly {@code length} bytes. */
  public static void put(ByteBuffer target, long value, int length) {
    if (value < 0 || value > allOnes(length)) {
      throw new IllegalArgumentException(value + " does not fit in " + length + " bytes");
    }
    long marked = value | (1L << (7 * length));
    for (int shift = 8 * (length - 1); shift >= 0; shift -= 8) {
      target.put((byte) (marked >>> shift));
    }
  }
}
