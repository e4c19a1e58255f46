package io.millrace.media.ebml;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes elements into a growing array. Masters are opened and closed; their size is filled in when
 * they close, in a field of the width chosen at opening. Not thread-safe.
 */
public final class EbmlWriter {
  private static final int MAX_DEPTH = 16;

  private byte[] bytes;
  private int size;
  private final int[] sizeFieldAt = new int[MAX_DEPTH];
  private final int[] sizeFieldBytes = new int[MAX_DEPTH];
  private int depth;

  /**
   * @param expectedBytes first allocation
   */
  public EbmlWriter(int expectedBytes) {
    bytes = new byte[Math.max(16, expectedBytes)];
  }

  /** Bytes written so far. */
  public int size() {
    return size;
  }

  /**
   * The array that is written into, <em>shared</em>: the first {@link #size} bytes are there, and
   * those of closed masters do not change any more. Writing more may move on to another array.
   */
  public byte[] array() {
    return bytes;
  }

  /** What was written, as a view; the writer must not be used afterwards. */
  public ByteBuffer finish() {
    if (depth != 0) {
      throw new IllegalStateException(depth + " masters are still open");
    }
    return ByteBuffer.wrap(bytes, 0, size).slice();
  }

  /**
   * Opens a master.
   *
   * @param sizeBytes width of its size field, 1 to 8
   */
  public EbmlWriter open(int id, int sizeBytes) {
    id(id);
    sizeFieldAt[depth] = size;
    sizeFieldBytes[depth] = sizeBytes;
    depth++;
    reserve(sizeBytes);
    size += sizeBytes;
    return this;
  }

  /** Closes the master opened last. */
  public EbmlWriter close() {
    depth--;
    int width = sizeFieldBytes[depth];
    int at = sizeFieldAt[depth];
    VarInt.put(ByteBuffer.wrap(bytes, at, width), size - at - width, width);
    return this;
  }

  /** Writes the head of a master of unknown size; there is nothing to close. */
  public EbmlWriter unknownSize(int id, int sizeBytes) {
    id(id);
    reserve(sizeBytes);
    VarInt.put(ByteBuffer.wrap(bytes, size, sizeBytes), VarInt.allOnes(sizeBytes), sizeBytes);
    size += sizeBytes;
    return this;
  }

  /** Writes an unsigned integer in as few bytes as hold it, at least one. */
  public EbmlWriter integer(int id, long value) {
    int width = Math.max(1, (71 - Long.numberOfLeadingZeros(value)) / 8);
    id(id);
    size(width);
    reserve(width);
    for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
    return this;
  }

  /** Writes an 8-byte float. */
  public EbmlWriter real(int id, double value) {
    id(id);
    size(8);
    reserve(8);
    ByteBuffer.wrap(bytes, size, 8).putDouble(value);
    size += 8;
    return this;
  }

  /** Writes text as UTF-8. */
  public EbmlWriter text(int id, String value) {
    return binary(id, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
  }

  /** Writes text as UTF-8 with a size field of the given width. */
  public EbmlWriter text(int id, String value, int sizeBytes) {
    ByteBuffer content = ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8));
    id(id);
    reserve(sizeBytes);
    VarInt.put(ByteBuffer.wrap(bytes, size, sizeBytes), content.remaining(), sizeBytes);
    size += sizeBytes;
    return raw(content);
  }

  /** Writes bytes as an element; the buffer is borrowed and left as it was. */
  public EbmlWriter binary(int id, ByteBuffer content) {
    id(id);
    size(content.remaining());
    return raw(content);
  }

  /** Writes the ID and the size of an element whose content follows by {@link #raw}. */
  public EbmlWriter head(int id, long contentBytes) {
    id(id);
    size(contentBytes);
    return this;
  }

  /** Writes bytes as they are; the buffer is borrowed and left as it was. */
  public EbmlWriter raw(ByteBuffer content) {
    int n = content.remaining();
    reserve(n);
    content.get(content.position(), bytes, size, n);
    size += n;
    return this;
  }

  private void id(int id) {
    int width = (39 - Integer.numberOfLeadingZeros(id)) / 8;
    reserve(width);
    for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (id >>> shift);
    }
  }

  private void size(long value) {
    int width = VarInt.encodedLength(value);
    reserve(width);
    VarInt.put(ByteBuffer.wrap(bytes, size, width), value, width);
    size += width;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      int needed = Math.addExact(size, more);
      bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(2L * size, 1 << 30)));
    }
  }
}
