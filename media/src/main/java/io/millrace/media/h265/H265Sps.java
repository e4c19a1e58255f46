package io.millrace.media.h265;

import io.millrace.media.bits.BitReader;
import io.millrace.media.track.MalformedMedia;
import java.nio.ByteBuffer;

/**
 * Sequence parameter set of H.265 (section 7.3.2.2, annex E).
 *
 * @param profile general profile, tier and level
 * @param subLayers temporal sub-layers, 1 to 7
 * @param temporalIdNesting sps_temporal_id_nesting_flag
 * @param chromaFormatIdc 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4
 * @param bitDepthLuma bits per luma sample
 * @param bitDepthChroma bits per chroma sample
 * @param width picture width in pixels inside the conformance window
 * @param height picture height likewise
 * @param frameRate frames per second from the VUI timing, 0 where it says nothing
 */
public record H265Sps(
    ProfileTierLevel profile,
    int subLayers,
    boolean temporalIdNesting,
    int chromaFormatIdc,
    int bitDepthLuma,
    int bitDepthChroma,
    int width,
    int height,
    double frameRate) {
  private static final int EXTENDED_SAR = 255;
  private static final int MAX_SIDE = 65_535;

  /**
   * Parses one SPS of the base layer.
   *
   * @param nal the NAL unit from its header; borrowed and left as it was
   */
  public static H265Sps parse(ByteBuffer nal) throws MalformedMedia {
    BitReader in = BitReader.ofNal(nal, "SPS");
    if ((in.small(16) >> 9 & 0x3f) != H265Nal.SPS) {
      throw in.malformed("is no sequence parameter set");
    }
    in.skip(4);
    int maxSubLayersMinus1 = in.small(3);
    if (maxSubLayersMinus1 > 6) {
      throw in.malformed("has 8 sub-layers");
    }
    boolean nesting = in.flag();
    ProfileTierLevel profile = ProfileTierLevel.read(in, maxSubLayersMinus1);
    in.ue(15, "sps_seq_parameter_set_id");
    int chroma = in.ue(3, "chroma_format_idc");
    boolean separatePlanes = chroma == 3 && in.flag();
    int width = in.ue(MAX_SIDE, "width");
    int height = in.ue(MAX_SIDE, "height");
    if (in.flag()) {
      int unitX = !separatePlanes && (chroma == 1 || chroma == 2) ? 2 : 1;
      int unitY = !separatePlanes && chroma == 1 ? 2 : 1;
      width -= unitX * (in.ue(MAX_SIDE, "window") + in.ue(MAX_SIDE, "window"));
      height -= unitY * (in.ue(MAX_SIDE, "window") + in.ue(MAX_SIDE, "window"));
    }
    if (width < 1 || height < 1) {
      throw in.malformed("has no picture");
    }
    int luma = 8 + in.ue(8, "bit_depth_luma_minus8");
    int chromaDepth = 8 + in.ue(8, "bit_depth_chroma_minus8");
    double rate = frameRate(in, maxSubLayersMinus1);
    return new H265Sps(
        profile, maxSubLayersMinus1 + 1, nesting, chroma, luma, chromaDepth, width, height, rate);
  }

  /** Cameras with a broken VUI are common; what comes before it is still good. */
  private static double frameRate(BitReader in, int maxSubLayersMinus1) {
    try {
      return findFrameRate(in, maxSubLayersMinus1);
    } catch (MalformedMedia e) {
      return 0;
    }
  }

  private static double findFrameRate(BitReader in, int maxSubLayersMinus1) throws MalformedMedia {
    int pocBits = 4 + in.ue(12, "log2_max_pic_order_cnt_lsb_minus4");
    int first = in.flag() ? 0 : maxSubLayersMinus1;
    for (int i = first; i <= maxSubLayersMinus1; i++) {
      in.ue();
      in.ue();
      in.ue();
    }
    for (int i = 0; i < 6; i++) {
      in.ue();
    }
    boolean scalingLists = in.flag();
    if (scalingLists && in.flag()) {
      skipScalingLists(in);
    }
    in.skip(2);
    if (in.flag()) {
      in.skip(8);
      in.ue();
      in.ue();
      in.skip(1);
    }
    RefPicSets.skip(in);
    if (in.flag()) {
      int longTerm = in.ue(32, "num_long_term_ref_pics_sps");
      in.skip(longTerm * (pocBits + 1));
    }
    in.skip(2);
    return in.flag() ? vuiFrameRate(in) : 0;
  }

  private static void skipScalingLists(BitReader in) throws MalformedMedia {
    for (int size = 0; size < 4; size++) {
      for (int matrix = 0; matrix < 6; matrix += size == 3 ? 3 : 1) {
        if (!in.flag()) {
          in.ue();
          continue;
        }
        if (size > 1) {
          in.se();
        }
        for (int i = 0; i < Math.min(64, 1 << (4 + 2 * size)); i++) {
          in.se();
        }
      }
    }
  }

  private static double vuiFrameRate(BitReader in) throws MalformedMedia {
    if (in.flag() && in.bits(8) == EXTENDED_SAR) {
      in.skip(32);
    }
    if (in.flag()) {
      in.skip(1);
    }
    if (in.flag()) {
      in.skip(4);
      if (in.flag()) {
        in.skip(24);
      }
    }
    if (in.flag()) {
      in.ue();
      in.ue();
    }
    in.skip(3);
    if (in.flag()) {
      for (int i = 0; i < 4; i++) {
        in.ue();
      }
    }
    if (!in.flag()) {
      return 0;
    }
    long unitsInTick = in.bits(32);
    long timeScale = in.bits(32);
    return unitsInTick == 0 ? 0 : (double) timeScale / unitsInTick;
  }
}
