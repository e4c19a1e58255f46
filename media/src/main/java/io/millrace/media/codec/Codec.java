package io.millrace.media.codec;

import io.millrace.media.track.Track;
import java.nio.ByteBuffer;

/** Codecs we have a name for; a track of another codec is stored, not played. */
public enum Codec {
  H264,
  H265,
  VP8,
  VP9,
  AV1,
  AAC,
  OPUS,
  G711_ALAW,
  G711_ULAW,
  OTHER;

  /** Matroska CodecID of H.264. */
  public static final String H264_ID = "V_MPEG4/ISO/AVC";

  /** Matroska CodecID of H.265. */
  public static final String H265_ID = "V_MPEGH/ISO/HEVC";

  /** Matroska CodecID of VP8. */
  public static final String VP8_ID = "V_VP8";

  /** Matroska CodecID of VP9. */
  public static final String VP9_ID = "V_VP9";

  /** Matroska CodecID of AV1. */
  public static final String AV1_ID = "V_AV1";

  /** Matroska CodecID of AAC. */
  public static final String AAC_ID = "A_AAC";

  /** Matroska CodecID of Opus. */
  public static final String OPUS_ID = "A_OPUS";

  /** Matroska CodecID of sound described by WAVEFORMATEX; producers send G.711 under it. */
  public static final String ACM_ID = "A_MS/ACM";

  private static final int WAVE_ALAW = 6;
  private static final int WAVE_ULAW = 7;

  /** The codec of a track, by its CodecID and, for {@link #ACM_ID}, its WAVEFORMATEX tag. */
  public static Codec of(Track track) {
    String id = track.codecId();
    // Older files append profile and version, as in A_AAC/MPEG4/LC.
    if (id.equals(AAC_ID) || id.startsWith(AAC_ID + "/")) {
      return AAC;
    }
    ByteBuffer setup = track.codecPrivate().view();
    if (id.equals(ACM_ID) && setup.remaining() >= 2) {
      return switch (setup.get(0) | setup.get(1) << 8) {
        case WAVE_ALAW -> G711_ALAW;
        case WAVE_ULAW -> G711_ULAW;
        default -> OTHER;
      };
    }
    return switch (id) {
      case H264_ID -> H264;
      case H265_ID -> H265;
      case VP8_ID -> VP8;
      case VP9_ID -> VP9;
      case AV1_ID -> AV1;
      case OPUS_ID -> OPUS;
      default -> OTHER;
    };
  }

  /** Whether our MP4 writers take it; players know no VP8 in MP4. */
  public boolean playable() {
    return (isVideo() && this != VP8) || this == AAC || this == OPUS;
  }

  /** Whether its frames are pictures. */
  public boolean isVideo() {
    return switch (this) {
      case H264, H265, VP8, VP9, AV1 -> true;
      case AAC, OPUS, G711_ALAW, G711_ULAW, OTHER -> false;
    };
  }
}
