package io.millrace.ingest.webrtc.peer;

import io.millrace.ingest.outbound.FrameReading.OutFrame;
import io.millrace.media.av1.Av1Config;
import io.millrace.media.codec.Codec;
import io.millrace.media.h264.AvcConfig;
import io.millrace.media.track.MalformedMedia;
import io.millrace.media.track.Track;
import io.millrace.media.vp9.Vp9Config;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the tracks of a stream travel to viewers. */
final class OutgoingFormats {
  private static final int AVC_CONFIG_BYTES = 7;
  private static final int SPS = 7;

  /** Constrained baseline, level 3.1: the profile-level-id that everybody takes. */
  static final String BASELINE = "42e01f";

  private static final String MAIN_PROFILE = "0";

  private OutgoingFormats() {}

  /** SDP encoding name of a track; empty for codecs that viewers cannot be sent. */
  static Optional<String> encoding(Track track) {
    return switch (Codec.of(track)) {
      case H264 -> Optional.of("H264");
      case H265 -> Optional.of("H265");
      case VP8 -> Optional.of("VP8");
      case VP9 -> Optional.of("VP9");
      case AV1 -> Optional.of("AV1");
      case OPUS -> Optional.of("OPUS");
      case G711_ULAW -> Optional.of("PCMU");
      case G711_ALAW -> Optional.of("PCMA");
      default -> Optional.empty();
    };
  }

  /** What a viewer's decoder must take: profile-level-id of H.264, profile of VP9 and AV1. */
  static String profile(Track track) {
    try {
      return switch (Codec.of(track)) {
        case H264 -> h264Profile(track);
        case VP9 -> Integer.toString(Vp9Config.parse(track.codecPrivate().view()).profile());
        case AV1 ->
            Integer.toString(Av1Config.parse(track.codecPrivate().view()).sequence().profile());
        default -> "";
      };
    } catch (MalformedMedia e) {
      return MAIN_PROFILE;
    }
  }

  private static String h264Profile(Track track) {
    ByteBuffer config = track.codecPrivate().view();
    return config.remaining() < AVC_CONFIG_BYTES
        ? BASELINE
        : "%06x".formatted(config.getInt(0) & 0xffffff);
  }

  /**
   * What is sent of a frame: viewers have no decoder setup but what comes in band, so that
   * keyframes of H.264 and AV1 are led by it where they have none of their own.
   */
  static ByteBuffer inBand(OutFrame frame) {
    if (!frame.keyframe()) {
      return frame.data();
    }
    return switch (Codec.of(frame.track())) {
      case H264 -> h264(frame);
      case AV1 -> av1(frame);
      default -> frame.data();
    };
  }

  private static ByteBuffer av1(OutFrame frame) {
    ByteBuffer data = frame.data();
    try {
      if (Av1Config.find(data) != null) {
        return data;
      }
      ByteBuffer setup = Av1Config.parse(frame.track().codecPrivate().view()).configObus();
      return ByteBuffer.allocate(setup.remaining() + data.remaining())
          .put(setup.duplicate())
          .put(data.duplicate())
          .flip();
    } catch (MalformedMedia e) {
      return data;
    }
  }

  private static ByteBuffer h264(OutFrame frame) {
    ByteBuffer data = frame.data();
    if (hasParameterSets(data)) {
      return data;
    }
    try {
      AvcConfig config = AvcConfig.parse(frame.track().codecPrivate().view());
      List<ByteBuffer> units = new ArrayList<>(config.sps());
      units.addAll(config.pps());
      int bytes = units.stream().mapToInt(unit -> 4 + unit.remaining()).sum();
      ByteBuffer whole = ByteBuffer.allocate(bytes + data.remaining());
      for (ByteBuffer unit : units) {
        whole.putInt(unit.remaining()).put(unit.duplicate());
      }
      return whole.put(data.duplicate()).flip();
    } catch (MalformedMedia e) {
      return data;
    }
  }

  private static boolean hasParameterSets(ByteBuffer data) {
    int at = data.position();
    while (at + 5 <= data.limit()) {
      if ((data.get(at + 4) & 0x1f) == SPS) {
        return true;
      }
      int length = data.getInt(at);
      if (length < 1 || length > data.limit() - at - 4) {
        return false;
      }
      at += 4 + length;
    }
    return false;
  }
}
