package io.millrace.media.h264;

import io.millrace.media.bits.BitReader;
import io.millrace.media.track.MalformedMedia;
import java.nio.ByteBuffer;

/**
 * Sequence parameter set of H.264 (section 7.3.2.1.1, annex E).
 *
 * @param profileIdc profile_idc, for example 100 for High
 * @param constraintFlags the eight bits after it
 * @param levelIdc level_idc, ten times the level
 * @param chromaFormatIdc 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4
 * @param bitDepthLuma bits per luma sample
 * @param bitDepthChroma bits per chroma sample
 * @param width picture width in pixels after cropping
 * @param height picture height in pixels after cropping
 * @param frameRate frames per second from the VUI timing, 0 where it says nothing
 */
public record H264Sps(
    int profileIdc,
    int constraintFlags,
    int levelIdc,
    int chromaFormatIdc,
    int bitDepthLuma,
    int bitDepthChroma,
    int width,
    int height,
    double frameRate) {
  private static final int EXTENDED_SAR = 255;
  private static final int MAX_MACROBLOCKS_PER_SIDE = 4096;

  /**
   * Parses one SPS.
   *
   * @param nal the NAL unit from its header; borrowed and left as it was
   */
  public static H264Sps parse(ByteBuffer nal) throws MalformedMedia {
    BitReader in = BitReader.ofNal(nal, "SPS");
    if ((in.small(8) & 0x1f) != H264Nal.SPS) {
      throw in.malformed("is no sequence parameter set");
    }
    int profile = in.small(8);
    int constraints = in.small(8);
    int level = in.small(8);
    in.ue(31, "seq_parameter_set_id");
    int chroma = 1;
    int luma = 8;
    int chromaDepth = 8;
    boolean separatePlanes = false;
    if (isHigh(profile)) {
      chroma = in.ue(3, "chroma_format_idc");
      separatePlanes = chroma == 3 && in.flag();
      luma = 8 + in.ue(6, "bit_depth_luma_minus8");
      chromaDepth = 8 + in.ue(6, "bit_depth_chroma_minus8");
      in.skip(1);
      if (in.flag()) {
        skipScalingLists(in, chroma == 3 ? 12 : 8);
      }
    }
    in.ue(12, "log2_max_frame_num_minus4");
    skipPictureOrder(in);
    in.ue(32, "max_num_ref_frames");
    in.skip(1);
    int widthInMbs = 1 + in.ue(MAX_MACROBLOCKS_PER_SIDE, "pic_width_in_mbs_minus1");
    int heightInUnits = 1 + in.ue(MAX_MACROBLOCKS_PER_SIDE, "pic_height_in_map_units_minus1");
    boolean framesOnly = in.flag();
    if (!framesOnly) {
      in.skip(1);
    }
    in.skip(1);
    int width = 16 * widthInMbs;
    int height = 16 * heightInUnits * (framesOnly ? 1 : 2);
    if (in.flag()) {
      int unitX = chroma == 1 || chroma == 2 ? 2 : 1;
      int unitY = (chroma == 1 ? 2 : 1) * (framesOnly ? 1 : 2);
      if (separatePlanes) {
        unitX = 1;
        unitY = framesOnly ? 1 : 2;
      }
      width -= unitX * (in.ue(width, "crop") + in.ue(width, "crop"));
      height -= unitY * (in.ue(height, "crop") + in.ue(height, "crop"));
      if (width < 1 || height < 1) {
        throw in.malformed("crops its picture away");
      }
    }
    double rate = frameRate(in);
    return new H264Sps(profile, constraints, level, chroma, luma, chromaDepth, width, height, rate);
  }

  /** RFC 6381 codec string, such as {@code avc1.64001f}. */
  public String codecString() {
    return "avc1.%02x%02x%02x".formatted(profileIdc, constraintFlags, levelIdc);
  }

  static boolean isHigh(int profile) {
    return switch (profile) {
      case 100, 110, 122, 244, 44, 83, 86, 118, 128, 134, 135, 138, 139 -> true;
      default -> false;
    };
  }

  private static void skipScalingLists(BitReader in, int lists) throws MalformedMedia {
    for (int i = 0; i < lists; i++) {
      if (!in.flag()) {
        continue;
      }
      long last = 8;
      long next = 8;
      for (int j = 0; j < (i < 6 ? 16 : 64) && next != 0; j++) {
        next = last + in.se() & 0xff;
        last = next == 0 ? last : next;
      }
    }
  }

  private static void skipPictureOrder(BitReader in) throws MalformedMedia {
    int type = in.ue(2, "pic_order_cnt_type");
    if (type == 0) {
      in.ue(12, "log2_max_pic_order_cnt_lsb_minus4");
    } else if (type == 1) {
      in.skip(1);
      in.se();
      in.se();
      int cycle = in.ue(255, "num_ref_frames_in_pic_order_cnt_cycle");
      for (int i = 0; i < cycle; i++) {
        in.se();
      }
    }
  }

  /** Cameras with a broken VUI are common; what comes before it is still good. */
  private static double frameRate(BitReader in) {
    try {
      return in.flag() ? vuiFrameRate(in) : 0;
    } catch (MalformedMedia e) {
      return 0;
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
    if (!in.flag()) {
      return 0;
    }
    long unitsInTick = in.bits(32);
    long timeScale = in.bits(32);
    // Two ticks per frame: a tick is the time of one field.
    return unitsInTick == 0 ? 0 : timeScale / (2.0 * unitsInTick);
  }
}
