package io.millrace.media.vp9;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Several frames that are kept as one, with an index behind them (VP9 bitstream specification annex
 * B): hidden frames and the one shown, or the spatial layers of a picture.
 */
public final class Vp9Superframe {
  /** Most frames that an index can name. */
  public static final int MAX_FRAMES = 8;

  private static final int MARKER = 0xc0;
  private static final int SIZE_BYTES = 4;

  private Vp9Superframe() {}

  /**
   * The frames by their index; the whole where there is none.
   *
   * @param data borrowed and left as it was
   */
  public static List<ByteBuffer> frames(ByteBuffer data) {
    int end = data.limit();
    int marker = data.hasRemaining() ? data.get(end - 1) & 0xff : 0;
    int count = (marker & 7) + 1;
    int sizeBytes = (marker >> 3 & 3) + 1;
    int indexAt = end - 2 - count * sizeBytes;
    boolean indexed =
        (marker & 0xe0) == MARKER
            && indexAt >= data.position()
            && (data.get(indexAt) & 0xff) == marker;
    if (!indexed) {
      return List.of(data.slice());
    }
    List<ByteBuffer> frames = new ArrayList<>();
    int at = data.position();
    for (int i = 0; i < count; i++) {
      long size = 0;
      for (int j = 0; j < sizeBytes; j++) {
        size |= (data.get(indexAt + 1 + i * sizeBytes + j) & 0xffL) << (8 * j);
      }
      if (size > indexAt - at) {
        return List.of(data.slice());
      }
      frames.add(data.slice(at, (int) size));
      at += (int) size;
    }
    return frames;
  }

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
