package io.millrace.ingest.rtp.payload.layout;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects one frame after another in the same block, which grows with the largest and shrinks when
 * such frames come no more. Not thread-safe.
 */
public final class FrameBuilder {
  private static final int LEAST_BYTES = 4 << 10;
  private static final int LENGTH_BYTES = 4;

  private final int maxBytes;
  private final int maxUnits;
  private byte[] block = new byte[0];
  private int size;
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

  /** Begins an empty frame; the one before is forgotten. */
  public void reset() {
    // Sizes are forgotten slowly, since keyframes are rare.
    largest = Math.max(size, largest - largest / 256);
    if (block.length > LEAST_BYTES && block.length / 4 > largest) {
      block = new byte[0];
    }
    size = 0;
    units = 0;
    lengthAt = -1;
    fault = null;
  }

  /** Bytes so far. */
  public int size() {
    return size;
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
      data.get(from, block, size, count);
      size += count;
    }
  }

  /** Appends one byte. */
  public void append(int value) {
    if (fault == null && reserve(1)) {
      block[size++] = (byte) value;
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
      lengthAt = size;
      size += LENGTH_BYTES;
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
      int length = size - lengthAt - LENGTH_BYTES;
      int at = lengthAt;
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
      block[at] = (byte) value;
    }
  }

  /** Moves what lies behind a place, to put bytes there. */
  public void insert(int at, ByteBuffer bytes) {
    int count = bytes.remaining();
    if (fault == null && reserve(count)) {
      System.arraycopy(block, at, block, at + count, size - at);
      bytes.get(bytes.position(), block, at, count);
      size += count;
    }
  }

  /** Takes away what lies behind a place. */
  public void cut(int at) {
    if (fault == null) {
      size = at;
    }
  }

  private boolean reserve(int more) {
    long wanted = (long) size + more;
    if (wanted > maxBytes) {
      spoil("it has more than %d bytes".formatted(maxBytes));
      return false;
    }
    if (block.length < wanted) {
      long roomy = Math.max(LEAST_BYTES, Math.max(2 * wanted, largest));
      block = Arrays.copyOf(block, (int) Math.min(roomy, Math.max(LEAST_BYTES, maxBytes)));
    }
    return true;
  }

  /** The frame so far; valid until the next call that changes it. */
  public ByteBuffer view() {
    return ByteBuffer.wrap(block, 0, size).slice();
  }
}
