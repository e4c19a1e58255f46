package io.millrace.server.demo;

/**
 * A time that survives lossy coding and scaling: one row of black and white cells along the top
 * edge of a picture. Cells, left to right: white, black (so that a reader can tell a code from a
 * dark picture), 42 bits of epoch milliseconds (most significant first), 4 bits of checksum.
 *
 * <p>Cell i covers x from {@code i*width/48} to {@code (i+1)*width/48} and y from 0 to {@code
 * height/20}, so a reader needs only the picture's own size.
 */
public final class ClockCode {
  /** Cells in the row. */
  public static final int CELLS = 48;

  /** The row is one part in this many of the picture's height. */
  public static final int HEIGHT_PARTS = 20;

  private static final int TIME_BITS = 42;
  private static final byte WHITE = (byte) 235;
  private static final byte BLACK = 16;

  private ClockCode() {}

  /** Cells for a time, bit 47 the leftmost. */
  public static long cells(long epochMillis) {
    if (epochMillis < 0 || epochMillis >>> TIME_BITS != 0) {
      throw new IllegalArgumentException("time out of range: " + epochMillis);
    }
    return (1L << (CELLS - 1)) | (epochMillis << 4) | checksum(epochMillis);
  }

  /** Epoch milliseconds in the cells, or -1 when they hold no valid code. */
  public static long millis(long cells) {
    long epochMillis = (cells >>> 4) & ((1L << TIME_BITS) - 1);
    return cells == cells(epochMillis) ? epochMillis : -1;
  }

  /**
   * Draws the row.
   *
   * @param luma 8-bit studio-range luma samples, row by row without padding
   */
  static void draw(byte[] luma, int width, int height, long epochMillis) {
    long cells = cells(epochMillis);
    for (int cell = 0; cell < CELLS; cell++) {
      byte value = (cells >>> (CELLS - 1 - cell) & 1) == 1 ? WHITE : BLACK;
      for (int y = 0; y < height / HEIGHT_PARTS; y++) {
        java.util.Arrays.fill(
            luma, y * width + cell * width / CELLS, y * width + (cell + 1) * width / CELLS, value);
      }
    }
  }

  private static long checksum(long epochMillis) {
    long sum = 5;
    for (long rest = epochMillis; rest != 0; rest >>>= 4) {
      sum = sum * 7 + (rest & 15);
    }
    return sum & 15;
  }
}
