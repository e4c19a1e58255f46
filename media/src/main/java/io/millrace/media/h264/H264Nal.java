package io.millrace.media.h264;

import java.nio.ByteBuffer;
import java.util.List;

/** NAL unit types of H.264 (table 7-1) and what a frame tells by them. */
public final class H264Nal {
  public static final int SLICE = 1;
  public static final int IDR_SLICE = 5;
  public static final int SEI = 6;
  public static final int SPS = 7;
  public static final int PPS = 8;
  public static final int ACCESS_UNIT_DELIMITER = 9;

  private H264Nal() {}

  /** Type of a unit that is not empty. */
  public static int type(ByteBuffer unit) {
    return unit.get(unit.position()) & 0x1f;
  }

  /** Whether a frame of these units is an IDR picture, where decoding can start. */
  public static boolean isKeyframe(List<ByteBuffer> units) {
    return units.stream().anyMatch(unit -> type(unit) == IDR_SLICE);
  }
}
