package io.millrace.ingest.webrtc.peer;

import io.millrace.ingest.outbound.FrameReading.OutFrame;
import io.millrace.media.codec.Codec;
import io.millrace.media.h264.AvcConfig;
import io.millrace.media.track.MalformedMedia;
import io.millrace.media.track.Track;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the tracks of a stream travel to viewers. */
final class OutgoingFormats {
  private static final int AVC_CONFIG_BYTES = 7;
  private static final int SPS = 7;
  private static final String BASELINE = "42e01f";

  private OutgoingFormats() {}

  /** SDP encoding name of a track; empty for codecs that viewers cannot be sent. */
  static Optional<String> encoding(Track track) {
    return switch (Codec.of(track)) {
      case H264 -> Optional.of("H264");
      case H265 -> Optional.of("H265");
      case OPUS -> Optional.of("OPUS");
      case G711_ULAW -> Optional.of("PCMU");
      case G711_ALAW -> Optional.of("PCMA");
      default -> Optional.empty();
    };
  }

  /** profile-level-id of an H.264 track. */
  static String h264Profile(Track track) {
    ByteBuffer config = track.codecPrivate().view();
    return config.remaining() < AVC_CONFIG_BYTES
        ? BASELINE
        : "%06x".formatted(config.getInt(0) & 0xffffff);
  }

  /**
   * What is sent of a frame: viewers have no decoder setup but what comes in band, so that H.264
   * keyframes are led by the parameter sets where they have none of their own.
   */
  static ByteBuffer inBand(OutFrame frame) {
    ByteBuffer data = frame.data();
    if (!frame.keyframe() || Codec.of(frame.track()) != Codec.H264 || hasParameterSets(data)) {
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
