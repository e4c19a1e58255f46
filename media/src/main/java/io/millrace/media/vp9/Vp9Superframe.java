package io.millrace.media.vp9;

import java.nio.ByteBuffer;

/**
 * Index behind several frames that are kept as one (VP9 bitstream specification annex B): decoders
 * find the frames by it.
 */
public final class Vp9Superframe {
  /** Most frames that an index can name. */
  public static final int MAX_FRAMES = 8;

  private static final int MARKER = 0xc0;
  private static final int SIZE_BYTES = 4;

  private Vp9Superframe() {}

  /**
   * The index of frames.
   *
   * @param sizes bytes of each frame, 1 to {@link #MAX_FRAMES} of them
   */
  public static ByteBuffer index(int... sizes) {
    if (sizes.length == 0 || sizes.length > MAX_FRAMES) {
      throw new IllegalArgumentException("a superframe of %d frames".formatted(sizes.length));
    }
    byte marker = (byte) (MARKER | (SIZE_BYTES - 1) << 3 | (sizes.length - 1));
    ByteBuffer index = ByteBuffer.allocate(2 + SIZE_BYTES * sizes.length);
    index.put(marker);
    for (int size : sizes) {
      index.putInt(Integer.reverseBytes(size));
    }
    return index.put(marker).flip();
  }
}
