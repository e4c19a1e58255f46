package io.millrace.ingest.fragmenter;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes in the order they arrived, addressed by their offset in the body. */
final class ByteRun {
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private byte[] bytes;
  private int size;

  /** Index of the byte that stands at {@link #baseOffset}. */
  private final int baseIndex;

  private final long baseOffset;

  /**
   * @param prefixBytes room left at the front for what is put before the bytes of the body
   * @param baseOffset offset in the body of the first byte appended
   */
  ByteRun(int capacity, int prefixBytes, long baseOffset) {
    bytes = new byte[Math.max(capacity, prefixBytes)];
    size = prefixBytes;
    baseIndex = prefixBytes;
    this.baseOffset = baseOffset;
  }

  /** Makes room for bytes of the body and returns the index they go to in {@link #array}. */
  int extend(int length) {
    int needed = Math.addExact(size, length);
    if (needed > bytes.length) {
      int doubled = (int) Math.min(MAX_ARRAY, 2L * bytes.length);
      bytes = Arrays.copyOf(bytes, Math.max(needed, doubled));
    }
    int at = size;
    size = needed;
    return at;
  }

  byte[] array() {
    return bytes;
  }

  int index(long offset) {
    return Math.toIntExact(offset - baseOffset) + baseIndex;
  }

  /** Bytes that were put before the bytes of the body. */
  int prefixBytes() {
    return baseIndex;
  }

  /** Offset in the body of the first byte not appended yet. */
  long endOffset() {
    return baseOffset + size - baseIndex;
  }

  int bodyBytes() {
    return size - baseIndex;
  }

  byte[] copy(long fromOffset, long toOffset) {
    return Arrays.copyOfRange(bytes, index(fromOffset), index(toOffset));
  }

  /** A run of the bytes from an offset on, with other bytes before them. */
  ByteRun tail(long fromOffset, int capacity, byte[]... prefix) {
    int prefixBytes = 0;
    for (byte[] part : prefix) {
      prefixBytes += part.length;
    }
    int tailBytes = size - index(fromOffset);
    ByteRun run = new ByteRun(Math.max(capacity, prefixBytes + tailBytes), prefixBytes, fromOffset);
    int at = 0;
    for (byte[] part : prefix) {
      System.arraycopy(part, 0, run.bytes, at, part.length);
      at += part.length;
    }
    System.arraycopy(bytes, index(fromOffset), run.bytes, run.extend(tailBytes), tailBytes);
    return run;
  }

  /**
   * The prefix, other bytes and the body up to an offset. Shares the array where that wastes little
   * of it; the run must not be written afterwards.
   */
  ByteBuffer payload(long endOffset, byte[] inserted) {
    int end = index(endOffset);
    if (inserted.length == 0 && end >= bytes.length / 2) {
      return ByteBuffer.wrap(bytes, 0, end).slice();
    }
    ByteBuffer whole = ByteBuffer.allocate(Math.addExact(end, inserted.length));
    whole.put(bytes, 0, baseIndex).put(inserted).put(bytes, baseIndex, end - baseIndex);
    return whole.flip();
  }
}
