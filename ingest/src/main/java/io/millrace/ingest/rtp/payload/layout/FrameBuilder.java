package io.millrace.ingest.rtp.payload.layout;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Collects one frame after another. Frames lie behind each other in shared blocks, so that a small
 * frame costs no block of its own and a byte is copied once; only what a frame holds when its block
 * is full moves to the next one. Not thread-safe.
 */
public final class FrameBuilder {
  private static final int BLOCK_BYTES = 64 << 10;
  private static final int LENGTH_BYTES = 4;

  private final int maxBytes;
  private final int maxUnits;
  private byte[] block = new byte[0];
  private int start;
  private int end;
  private int units;
  private int lengthAt = -1;
  private int largest;
  private @Nullable String fault;

  /**
   * @param maxBytes largest frame
   * @param maxUnits most units in a frame
   */
  public FrameBuilder(int maxBytes, int maxUnits) {
    this.maxBytes = maxBytes;
    this.maxUnits = maxUnits;
  }

  /** Begins an empty frame; what was not taken is forgotten. */
  public void reset() {
    end = start;
    units = 0;
    lengthAt = -1;
    fault = null;
  }

  /** Bytes so far. */
  public int size() {
    return end - start;
  }

  /** Notes that the frame cannot be given out; the first reason stays. */
  public void spoil(String why) {
    if (fault == null) {
      fault = why;
    }
  }

  /** Why the frame cannot be given out; null when it can. */
  public @Nullable String fault() {
    return fault == null && lengthAt >= 0 ? "the end of a unit never came" : fault;
  }

  /**
   * Appends bytes.
   *
   * @param from absolute index of the first
   */
  public void append(ByteBuffer data, int from, int count) {
    if (fault == null && reserve(count)) {
      data.get(from, block, end, count);
      end += count;
    }
  }

  /** Appends one byte. */
  public void append(int value) {
    if (fault == null && reserve(1)) {
      block[end++] = (byte) value;
    }
  }

  /** Appends a whole unit behind its 4-byte length; an empty one leaves no trace. */
  public void unit(ByteBuffer data, int from, int count) {
    if (count > 0) {
      beginUnit();
      append(data, from, count);
      endUnit();
    }
  }

  /** Begins a unit that comes in pieces. */
  public void beginUnit() {
    if (lengthAt >= 0) {
      spoil("the end of a unit never came");
    }
    countUnit();
    if (fault == null && reserve(LENGTH_BYTES)) {
      lengthAt = size();
      end += LENGTH_BYTES;
    }
  }

  /** Counts a unit that is written without a length. */
  public void countUnit() {
    if (++units > maxUnits) {
      spoil("it has more than %d units".formatted(maxUnits));
    }
  }

  /** Whether a unit has begun and not ended. */
  public boolean inUnit() {
    return lengthAt >= 0;
  }

  /** Ends the unit that began last: writes its length. */
  public void endUnit() {
    if (lengthAt >= 0) {
      int length = size() - lengthAt - LENGTH_BYTES;
      int at = start + lengthAt;
      block[at] = (byte) (length >>> 24);
      block[at + 1] = (byte) (length >>> 16);
      block[at + 2] = (byte) (length >>> 8);
      block[at + 3] = (byte) length;
      lengthAt = -1;
    }
  }

  /** Puts another byte in the place of one. */
  public void set(int at, int value) {
    if (fault == null) {
      block[start + at] = (byte) value;
    }
  }

  /** Moves what lies behind a place, to put bytes there. */
  public void insert(int at, ByteBuffer bytes) {
    int count = bytes.remaining();
    if (fault == null && reserve(count)) {
      int from = start + at;
      System.arraycopy(block, from, block, from + count, end - from);
      bytes.get(bytes.position(), block, from, count);
      end += count;
    }
  }

  /** Takes away what lies behind a place. */
  public void cut(int size) {
    if (fault == null) {
      end = start + size;
    }
  }

  private boolean reserve(int more) {
    if ((long) size() + more > maxBytes) {
      spoil("it has more than %d bytes".formatted(maxBytes));
      return false;
    }
    if (block.length - end < more) {
      long size = size();
      // A block for a large frame is as large as such frames of this source are.
      long wanted = Math.max(Math.max(BLOCK_BYTES, 2 * (size + more)), largest + largest / 8L);
      byte[] next = new byte[(int) Math.min(wanted, Math.max(BLOCK_BYTES, maxBytes))];
      System.arraycopy(block, start, next, 0, (int) size);
      block = next;
      start = 0;
      end = (int) size;
    }
    return true;
  }

  /** The frame so far; valid until the next call. */
  public ByteBuffer view() {
    return ByteBuffer.wrap(block, start, size());
  }

  /** The frame, whose bytes nobody else touches from now on; the next one begins. */
  public ByteBuffer take() {
    int size = size();
    ByteBuffer frame = ByteBuffer.wrap(block, start, size).slice();
    // Sizes are forgotten slowly, since keyframes are rare.
    largest = Math.max(size, largest - largest / 256);
    start = end;
    reset();
    return frame;
  }
}
