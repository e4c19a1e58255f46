package io.millrace.media.mp4;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes boxes (ISO 14496-12 section 4.2) into a growing array. */
final class BoxWriter {
  private static final int MAX_DEPTH = 12;

  private byte[] bytes;
  private int size;
  private final int[] openAt = new int[MAX_DEPTH];
  private int depth;

  BoxWriter(int expectedBytes) {
    bytes = new byte[Math.max(64, expectedBytes)];
  }

  int size() {
    return size;
  }

  BoxWriter open(String type) {
    openAt[depth++] = size;
    return int32(0).text(type);
  }

  BoxWriter openFull(String type, int version, int flags) {
    return open(type).int32(version << 24 | flags);
  }

  BoxWriter close() {
    int at = openAt[--depth];
    set32(at, size - at);
    return this;
  }

  BoxWriter int8(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
    return this;
  }

  BoxWriter int16(int value) {
    return int8(value >> 8).int8(value);
  }

  BoxWriter int32(int value) {
    reserve(4);
    size += 4;
    set32(size - 4, value);
    return this;
  }

  BoxWriter int64(long value) {
    return int32((int) (value >>> 32)).int32((int) value);
  }

  BoxWriter text(String ascii) {
    return raw(ByteBuffer.wrap(ascii.getBytes(StandardCharsets.US_ASCII)));
  }

  BoxWriter zeros(int count) {
    reserve(count);
    size += count;
    return this;
  }

  /** Borrows the buffer and leaves it as it was. */
  BoxWriter raw(ByteBuffer content) {
    int n = content.remaining();
    reserve(n);
    content.get(content.position(), bytes, size, n);
    size += n;
    return this;
  }

  void set32(int at, int value) {
    bytes[at] = (byte) (value >> 24);
    bytes[at + 1] = (byte) (value >> 16);
    bytes[at + 2] = (byte) (value >> 8);
    bytes[at + 3] = (byte) value;
  }

  ByteBuffer finish() {
    return ByteBuffer.wrap(bytes, 0, size).slice();
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), 2 * size));
    }
  }
}
