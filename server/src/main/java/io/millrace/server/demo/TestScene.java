package io.millrace.server.demo;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/**
 * The picture of one synthetic camera: a drifting gradient, a bouncing block, its name, the time in
 * digits and the same time as a {@link ClockCode}. Planar 4:2:0, 8 bits.
 */
final class TestScene {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  final int width;
  final int height;
  final byte[] luma;
  final byte[] chromaBlue;
  final byte[] chromaRed;
  private final String name;
  private final int hue;

  /** Width and height in pixels, both even; {@code hue} 0..255 tells cameras apart. */
  TestScene(String name, int hue, int width, int height) {
    this.name = name;
    this.hue = hue;
    this.width = width;
    this.height = height;
    this.luma = new byte[width * height];
    this.chromaBlue = new byte[width * height / 4];
    this.chromaRed = new byte[width * height / 4];
  }

  /** Renders the picture for a time. */
  void render(long epochMillis) {
    drawGradient(epochMillis);
    drawBlock(epochMillis);
    int scale = Math.max(1, width / 200);
    BitmapText.draw(luma, width, 2 * scale, height / 5, scale, name);
    BitmapText.draw(
        luma,
        width,
        2 * scale,
        height / 5 + 10 * scale,
        scale,
        CLOCK.format(Instant.ofEpochMilli(epochMillis)));
    ClockCode.draw(luma, width, height, epochMillis);
  }

  private void drawGradient(long epochMillis) {
    int shift = (int) (epochMillis / 40 % 256);
    for (int y = 0; y < height; y++) {
      int row = y * width;
      for (int x = 0; x < width; x++) {
        luma[row + x] = (byte) (48 + (x + y / 2 + shift & 255) / 2);
      }
    }
    int chromaWidth = width / 2;
    for (int y = 0; y < height / 2; y++) {
      // The code row at the top stays grey so that its edges stay sharp.
      boolean grey = y < height / ClockCode.HEIGHT_PARTS;
      byte blue = grey ? (byte) 128 : (byte) (96 + (hue + y / 4) % 64);
      byte red = grey ? (byte) 128 : (byte) (96 + (255 - hue) % 64);
      Arrays.fill(chromaBlue, y * chromaWidth, (y + 1) * chromaWidth, blue);
      Arrays.fill(chromaRed, y * chromaWidth, (y + 1) * chromaWidth, red);
    }
  }

  private void drawBlock(long epochMillis) {
    int size = height / 6;
    int x = bounce(epochMillis / 10, width - size);
    int y = height / 2 + bounce(epochMillis / 17, height / 2 - size);
    for (int dy = 0; dy < size; dy++) {
      Arrays.fill(luma, (y + dy) * width + x, (y + dy) * width + x + size, (byte) 220);
    }
  }

  private static int bounce(long position, int span) {
    int phase = (int) (position % (2L * span));
    return phase < span ? phase : 2 * span - phase;
  }
}
