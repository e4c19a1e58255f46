package io.millrace.media.h265;

import java.nio.ByteBuffer;
import java.util.List;

/** NAL unit types of H.265 (table 7-1) and what a frame tells by them. */
public final class H265Nal {
  public static final int BLA_W_LP = 16;
  public static final int IDR_W_RADL = 19;
  public static final int RSV_IRAP_VCL23 = 23;
  public static final int VPS = 32;
  public static final int SPS = 33;
  public static final int PPS = 34;

  /** Bytes of the unit header. */
  public static final int HEADER_BYTES = 2;

  private H265Nal() {}

  /** Type of a unit that is not empty. */
  public static int type(ByteBuffer unit) {
    return unit.get(unit.position()) >> 1 & 0x3f;
  }

  /** Whether a frame of these units is a random access point (BLA, IDR or CRA picture). */
  public static boolean isKeyframe(List<ByteBuffer> units) {
    return units.stream()
        .mapToInt(H265Nal::type)
        .anyMatch(type -> type >= BLA_W_LP && type <= RSV_IRAP_VCL23);
  }
}
