package io.millrace.media.bits;

import io.millrace.media.track.MalformedMedia;
import java.nio.ByteBuffer;

/** Reads bits, most significant first, with the Exp-Golomb codes of H.264 and H.265. */
public final class BitReader {
  private final byte[] bytes;
  private final int bits;
  private final String what;
  private int at;

  private BitReader(byte[] bytes, int size, String what) {
    this.bytes = bytes;
    this.bits = 8 * size;
    this.what = what;
  }

  /**
   * Reads the bytes as they are.
   *
   * @param data borrowed and left as it was
   * @param what name for errors, such as {@code AudioSpecificConfig}
   */
  public static BitReader of(ByteBuffer data, String what) {
    byte[] copy = new byte[data.remaining()];
    data.get(data.position(), copy);
    return new BitReader(copy, copy.length, what);
  }

  /**
   * Reads a NAL unit without its emulation prevention bytes (H.264 section 7.3.1).
   *
   * @param nal from its header; borrowed and left as it was
   * @param what name for errors, such as {@code SPS}
   */
  public static BitReader ofNal(ByteBuffer nal, String what) {
    byte[] copy = new byte[nal.remaining()];
    int size = 0;
    int zeros = 0;
    for (int i = nal.position(); i < nal.limit(); i++) {
      byte b = nal.get(i);
      if (zeros >= 2 && b == 3) {
        zeros = 0;
        continue;
      }
      zeros = b == 0 ? zeros + 1 : 0;
      copy[size++] = b;
    }
    return new BitReader(copy, size, what);
  }

  /** Bits not read yet. */
  public int left() {
    return bits - at;
  }

  /** One bit. */
  public boolean flag() throws MalformedMedia {
    return bits(1) == 1;
  }

  /** An unsigned number of 0 to 32 bits. */
  public long bits(int n) throws MalformedMedia {
    if (n > left()) {
      throw malformed("ends early");
    }
    long value = 0;
    for (int i = 0; i < n; i++, at++) {
      value = value << 1 | (bytes[at >> 3] >> (7 - (at & 7)) & 1);
    }
    return value;
  }

  /** An unsigned number of at most 31 bits. */
  public int small(int n) throws MalformedMedia {
    return (int) bits(n);
  }

  public void skip(int n) throws MalformedMedia {
    if (n > left()) {
      throw malformed("ends early");
    }
    at += n;
  }

  /** ue(v): unsigned Exp-Golomb, at most 2^32 - 2. */
  public long ue() throws MalformedMedia {
    int zeros = 0;
    while (!flag()) {
      if (++zeros > 31) {
        throw malformed("has an Exp-Golomb code of more than 32 bits");
      }
    }
    return (1L << zeros) - 1 + bits(zeros);
  }

  /** ue(v) that must not exceed {@code max}. */
  public int ue(int max, String name) throws MalformedMedia {
    long value = ue();
    if (value > max) {
      throw malformed("has " + name + " " + value);
    }
    return (int) value;
  }

  /** se(v): signed Exp-Golomb. */
  public long se() throws MalformedMedia {
    long code = ue();
    return (code & 1) == 1 ? (code + 1) / 2 : -(code / 2);
  }

  /** A refusal that names the structure and the byte. */
  public MalformedMedia malformed(String problem) {
    return new MalformedMedia(what + " " + problem, at >> 3, what);
  }
}
