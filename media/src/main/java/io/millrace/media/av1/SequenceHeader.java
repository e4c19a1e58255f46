package io.millrace.media.av1;

import io.millrace.media.bits.BitReader;
import io.millrace.media.track.MalformedMedia;
import java.nio.ByteBuffer;

/**
 * What a sequence header of AV1 says (AV1 section 5.5).
 *
 * @param profile 0 to 2
 * @param level index of the level of the first operating point, such as 8 for level 4.0
 * @param highTier tier of that operating point
 * @param bitDepth 8, 10 or 12
 * @param monochrome whether there is no chroma
 * @param subsamplingX whether chroma has half the columns
 * @param subsamplingY whether chroma has half the rows
 * @param chromaPosition of 4:2:0 samples, 0 to 3
 * @param width pixels of the largest picture
 * @param height pixels of the largest picture
 * @param frameRate pictures a second, 0 where it says nothing
 */
public record SequenceHeader(
    int profile,
    int level,
    boolean highTier,
    int bitDepth,
    boolean monochrome,
    boolean subsamplingX,
    boolean subsamplingY,
    int chromaPosition,
    int width,
    int height,
    double frameRate) {
  private static final String WHAT = "AV1 sequence header";
  private static final int BT_709 = 1;
  private static final int SRGB = 13;
  private static final int IDENTITY = 0;
  private static final int SELECT = 2;

  /** Tiers exist above level 3.3. */
  private static final int LAST_WITHOUT_TIER = 7;

  /** Levels and rate. */
  private record Points(int level, boolean highTier, double frameRate) {}

  /** What color_config says. */
  private record Colour(int bitDepth, boolean monochrome, boolean x, boolean y, int position) {}

  /**
   * Reads a header.
   *
   * @param payload of the OBU, behind header and size; borrowed and left as it was
   */
  public static SequenceHeader parse(ByteBuffer payload) throws MalformedMedia {
    BitReader in = BitReader.of(payload, WHAT);
    int profile = in.small(3);
    if (profile > 2) {
      throw in.malformed("has profile " + profile);
    }
    in.skip(1);
    boolean reduced = in.flag();
    Points points = reduced ? new Points(in.small(5), false, 0) : points(in);
    int widthBits = in.small(4) + 1;
    int heightBits = in.small(4) + 1;
    int width = in.small(widthBits) + 1;
    int height = in.small(heightBits) + 1;
    if (!reduced && in.flag()) {
      in.skip(4 + 3);
    }
    in.skip(3);
    if (!reduced) {
      tools(in);
    }
    in.skip(3);
    Colour colour = colour(in, profile);
    return new SequenceHeader(
        profile,
        points.level,
        points.highTier,
        colour.bitDepth,
        colour.monochrome,
        colour.x,
        colour.y,
        colour.position,
        width,
        height,
        points.frameRate);
  }

  private static Points points(BitReader in) throws MalformedMedia {
    double rate = 0;
    boolean modelled = false;
    int delayBits = 0;
    if (in.flag()) {
      long unitsInTick = in.bits(32);
      long timeScale = in.bits(32);
      if (in.flag() && unitsInTick > 0) {
        rate = (double) timeScale / unitsInTick / (in.ue() + 1);
      }
      modelled = in.flag();
      if (modelled) {
        delayBits = in.small(5) + 1;
        in.skip(32 + 5 + 5);
      }
    }
    boolean delays = in.flag();
    int count = in.small(5) + 1;
    int firstLevel = 0;
    boolean firstTier = false;
    for (int i = 0; i < count; i++) {
      in.skip(12);
      int level = in.small(5);
      boolean tier = level > LAST_WITHOUT_TIER && in.flag();
      if (i == 0) {
        firstLevel = level;
        firstTier = tier;
      }
      if (modelled && in.flag()) {
        in.skip(2 * delayBits + 1);
      }
      if (delays && in.flag()) {
        in.skip(4);
      }
    }
    return new Points(firstLevel, firstTier, rate);
  }

  /** Passes the coding tools. */
  private static void tools(BitReader in) throws MalformedMedia {
    in.skip(4);
    boolean ordered = in.flag();
    if (ordered) {
      in.skip(2);
    }
    int screenContent = in.flag() ? SELECT : in.small(1);
    if (screenContent > 0 && !in.flag()) {
      in.skip(1);
    }
    if (ordered) {
      in.skip(3);
    }
  }

  private static Colour colour(BitReader in, int profile) throws MalformedMedia {
    boolean high = in.flag();
    int depth = high ? 10 : 8;
    if (profile == 2 && high && in.flag()) {
      depth = 12;
    }
    boolean monochrome = profile != 1 && in.flag();
    boolean rgb = false;
    if (in.flag()) {
      int primaries = in.small(8);
      int transfer = in.small(8);
      int matrix = in.small(8);
      rgb = primaries == BT_709 && transfer == SRGB && matrix == IDENTITY;
    }
    if (monochrome) {
      return new Colour(depth, true, true, true, 0);
    }
    if (rgb) {
      return new Colour(depth, false, false, false, 0);
    }
    in.skip(1);
    boolean x = profile != 1;
    boolean y = profile == 0;
    if (profile == 2 && depth == 12) {
      x = in.flag();
      y = x && in.flag();
    }
    return new Colour(depth, false, x, y, x && y ? in.small(2) : 0);
  }
}
