package io.millrace.playback.clip;

import java.awt.image.BufferedImage;
import java.util.Random;

/**
 * Pictures that carry their own number: sixteen blocks along the top are its bits, white for one.
 * The rest moves, so that a decoder that is one frame off shows another picture.
 */
public final class NumberedPicture {
  private static final int BITS = 16;

  private NumberedPicture() {}

  /** Planar 4:2:0 bytes. */
  public static byte[] yuv420(int number, int width, int height) {
    byte[] picture = new byte[width * height * 3 / 2];
    Random noise = new Random(7);
    int[] row = new int[width];
    for (int x = 0; x < width; x++) {
      row[x] = noise.nextInt(40);
    }
    int blockWidth = width / BITS;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int luma;
        if (y < height / 4) {
          boolean one = (number >> (BITS - 1 - Math.min(BITS - 1, x / blockWidth)) & 1) == 1;
          luma = one ? 235 : 16;
        } else {
          luma = 60 + row[(x + number * 3) % width] + (y + number) % 64;
        }
        picture[y * width + x] = (byte) luma;
      }
    }
    java.util.Arrays.fill(picture, width * height, picture.length, (byte) 128);
    return picture;
  }

  /** The number in a picture of any size. */
  public static int read(BufferedImage picture) {
    int number = 0;
    double blockWidth = (double) picture.getWidth() / BITS;
    for (int bit = 0; bit < BITS; bit++) {
      int x = (int) ((bit + 0.5) * blockWidth);
      int rgb = picture.getRGB(x, picture.getHeight() / 8);
      int green = rgb >> 8 & 0xff;
      if (green > 80 && green < 176) {
        throw new AssertionError("block " + bit + " is neither black nor white: " + green);
      }
      number = number << 1 | (green > 128 ? 1 : 0);
    }
    return number;
  }
}
