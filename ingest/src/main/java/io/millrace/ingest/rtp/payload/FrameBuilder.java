package io.millrace.ingest.rtp.payload;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Collects one frame; each byte is copied once. Not thread-safe. */
final class FrameBuilder {
  private static final int FIRST_CAPACITY = 2048;
  private static final int LENGTH_BYTES = 4;

  private final DepacketizerSettings settings;
  private byte[] bytes = new byte[0];
  private int size;
  private int units;
  private int lengthAt = -1;
  private int lastSize = FIRST_CAPACITY;
  private @Nullable String fault;

  FrameBuilder(DepacketizerSettings settings) {
    this.settings = settings;
  }

  /** Begins an empty frame. */
  void reset() {
    size = 0;
    units = 0;
    lengthAt = -1;
    fault = null;
  }

  int size() {
    return size;
  }

  int units() {
    return units;
  }

  /** Notes that the frame cannot be given out; the first reason stays. */
  void spoil(String why) {
    if (fault == null) {
      fault = why;
    }
  }

  /** Why the frame cannot be given out; null when it can. */
  @Nullable String fault() {
    return lengthAt >= 0 ? "a NAL unit without its end" : fault;
  }

  /** Appends bytes; borrowed and left as they were. */
  void append(ByteBuffer data) {
    int n = data.remaining();
    if (fault == null && reserve(n)) {
      data.get(data.position(), bytes, size, n);
      size += n;
    }
  }

  /** Appends a whole NAL unit behind its length. */
  void unit(ByteBuffer data) {
    if (data.remaining() == 0) {
      return;
    }
    beginUnit();
    append(data);
    endUnit();
  }

  /** Begins a NAL unit that comes in fragments. */
  void beginUnit() {
    if (lengthAt >= 0) {
      spoil("a NAL unit without its end");
    }
    units++;
    if (units > settings.maxUnits()) {
      spoil("more than %d NAL units".formatted(settings.maxUnits()));
    }
    if (fault == null && reserve(LENGTH_BYTES)) {
      lengthAt = size;
      size += LENGTH_BYTES;
    }
  }

  /** Appends one byte. */
  void append(int value) {
    if (fault == null && reserve(1)) {
      bytes[size++] = (byte) value;
    }
  }

  boolean inUnit() {
    return lengthAt >= 0;
  }

  void endUnit() {
    if (lengthAt >= 0) {
      int length = size - lengthAt - LENGTH_BYTES;
      bytes[lengthAt] = (byte) (length >>> 24);
      bytes[lengthAt + 1] = (byte) (length >>> 16);
      bytes[lengthAt + 2] = (byte) (length >>> 8);
      bytes[lengthAt + 3] = (byte) length;
      lengthAt = -1;
    }
  }

  private boolean reserve(int more) {
    if ((long) size + more > settings.maxFrameBytes()) {
      spoil("a frame of more than %d bytes".formatted(settings.maxFrameBytes()));
      return false;
    }
    if (bytes.length - size < more) {
      int wanted = Math.max(size + more, size == 0 ? lastSize + lastSize / 4 : 2 * size);
      bytes = Arrays.copyOf(bytes, Math.min(wanted, settings.maxFrameBytes()));
    }
    return true;
  }

  /** The frame, whose bytes the caller owns from now on. */
  ByteBuffer take() {
    ByteBuffer frame = ByteBuffer.wrap(bytes, 0, size).slice();
    lastSize = Math.max(FIRST_CAPACITY, size);
    bytes = new byte[0];
    reset();
    return frame;
  }
}
