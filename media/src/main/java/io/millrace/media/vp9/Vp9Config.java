package io.millrace.media.vp9;

import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.MalformedMedia;
import io.millrace.media.track.UnsupportedMedia;
import java.nio.ByteBuffer;

/**
 * Decoder setup of VP9: features as Matroska keeps them (VP9 codec features of the WebM container
 * guidelines), and as MP4 does (VP codec ISO media file format binding section 2.2, {@code vpcC}).
 *
 * @param profile 0 to 3
 * @param level ten times the level, such as 31
 * @param bitDepth 8, 10 or 12
 * @param chromaSubsampling 0 and 1: 4:2:0, 2: 4:2:2, 3: 4:4:4
 */
public record Vp9Config(int profile, int level, int bitDepth, int chromaSubsampling) {
  private static final String WHAT = "VP9 CodecPrivate";
  private static final int PROFILE = 1;
  private static final int LEVEL = 2;
  private static final int BIT_DEPTH = 3;
  private static final int CHROMA_SUBSAMPLING = 4;
  private static final int COLOCATED_420 = 1;
  private static final int UNSPECIFIED = 2;
  private static final int CUSTOMARY_RATE = 30;

  /** Levels with the most pixels of a picture and of a second (VP9 levels, annex A). */
  private static final long[][] LEVELS = {
    {10, 36_864, 829_440},
    {11, 73_728, 2_764_800},
    {20, 122_880, 4_608_000},
    {21, 245_760, 9_216_000},
    {30, 552_960, 20_736_000},
    {31, 983_040, 36_864_000},
    {40, 2_228_224, 83_558_400},
    {41, 2_228_224, 160_432_128},
    {50, 8_912_896, 311_951_360},
    {51, 8_912_896, 588_251_136},
    {60, 35_651_584, 1_176_502_272},
    {61, 35_651_584, 2_353_004_544L},
    {62, 35_651_584, 4_706_009_088L}
  };

  public Vp9Config {
    boolean depth = bitDepth == 8 || bitDepth == 10 || bitDepth == 12;
    if (profile < 0 || profile > 3 || !depth || chromaSubsampling < 0 || chromaSubsampling > 3) {
      throw new IllegalArgumentException(
          "VP9 profile %d with %d bits, subsampling %d"
              .formatted(profile, bitDepth, chromaSubsampling));
    }
  }

  /**
   * The setup that a keyframe needs. The level is the lowest that takes its size 30 times a second:
   * frames do not tell their rate.
   *
   * @throws UnsupportedMedia for chroma that is halved in height alone, which has no number
   */
  public static Vp9Config of(Vp9Keyframe frame) throws UnsupportedMedia {
    int chroma;
    if (frame.subsamplingX()) {
      chroma = frame.subsamplingY() ? COLOCATED_420 : 2;
    } else if (frame.subsamplingY()) {
      throw new UnsupportedMedia("VP9 with 4:4:0 chroma", 0, WHAT);
    } else {
      chroma = 3;
    }
    return new Vp9Config(
        frame.profile(), level((long) frame.width() * frame.height()), frame.bitDepth(), chroma);
  }

  private static int level(long pixels) {
    for (long[] level : LEVELS) {
      if (pixels <= level[1] && pixels * CUSTOMARY_RATE <= level[2]) {
        return (int) level[0];
      }
    }
    return (int) LEVELS[LEVELS.length - 1][0];
  }

  /**
   * Reads Matroska's features: identifier, length and value of each.
   *
   * @param features borrowed and left as it was
   * @throws MalformedMedia if they cannot be read, or profile, level or bit depth is not among them
   */
  public static Vp9Config parse(ByteBuffer features) throws MalformedMedia {
    int[] found = {-1, -1, -1, -1, COLOCATED_420};
    int at = features.position();
    while (at < features.limit()) {
      int length = at + 1 < features.limit() ? features.get(at + 1) & 0xff : 256;
      int id = features.get(at) & 0x7f;
      if (length > features.limit() - at - 2) {
        throw malformed("ends early", at - features.position());
      }
      if (id >= PROFILE && id <= CHROMA_SUBSAMPLING && length == 1) {
        found[id] = features.get(at + 2) & 0xff;
      }
      at += 2 + length;
    }
    if (found[PROFILE] < 0 || found[LEVEL] <= 0 || found[BIT_DEPTH] < 0) {
      throw malformed("lacks profile, level or bit depth", 0);
    }
    try {
      return new Vp9Config(
          found[PROFILE], found[LEVEL], found[BIT_DEPTH], found[CHROMA_SUBSAMPLING]);
    } catch (IllegalArgumentException e) {
      throw malformed("has " + e.getMessage(), 0);
    }
  }

  private static MalformedMedia malformed(String problem, int at) {
    return new MalformedMedia(WHAT + " " + problem, at, WHAT);
  }

  /** Matroska's features. */
  public CodecPrivateData build() {
    byte[] features = {
      PROFILE, 1, (byte) profile,
      LEVEL, 1, (byte) level,
      BIT_DEPTH, 1, (byte) bitDepth,
      CHROMA_SUBSAMPLING, 1, (byte) chromaSubsampling
    };
    return CodecPrivateData.copyOf(ByteBuffer.wrap(features));
  }

  /** Content of {@code vpcC} behind version and flags; colours are those of the frames. */
  public ByteBuffer vpcc() {
    return ByteBuffer.allocate(8)
        .put((byte) profile)
        .put((byte) level)
        .put((byte) (bitDepth << 4 | chromaSubsampling << 1))
        .put((byte) UNSPECIFIED)
        .put((byte) UNSPECIFIED)
        .put((byte) UNSPECIFIED)
        .putShort((short) 0)
        .flip();
  }

  /** RFC 6381 codec string, such as {@code vp09.00.31.08}. */
  public String codecString() {
    return "vp09.%02d.%02d.%02d".formatted(profile, level, bitDepth);
  }
}
