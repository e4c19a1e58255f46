package io.millrace.ingest.rtp.payload;

import io.millrace.media.aac.AacConfig;
import io.millrace.media.av1.Av1Config;
import io.millrace.media.av1.SequenceHeader;
import io.millrace.media.codec.Codec;
import io.millrace.media.h264.AvcConfig;
import io.millrace.media.h265.HevcConfig;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import io.millrace.media.vp9.Vp9Config;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Formats in which tracks are sent. */
final class SentFormats {
  private static final int VIDEO_CLOCK = 90_000;
  private static final int OPUS_CLOCK = 48_000;
  private static final int OPUS_CHANNELS = 2;
  private static final int G711_HZ = 8000;
  private static final int AV1_DEFAULT_LEVEL = 5;

  private SentFormats() {}

  static RtpFormat of(int payloadType, Track track) {
    try {
      return switch (Codec.of(track)) {
        case H264 -> video(payloadType, PayloadFormats.H264, h264(track));
        case H265 -> video(payloadType, PayloadFormats.H265, h265(track));
        case VP8 -> video(payloadType, PayloadFormats.VP8, Map.of());
        case VP9 -> video(payloadType, PayloadFormats.VP9, vp9(track));
        case AV1 -> video(payloadType, PayloadFormats.AV1, av1(track));
        case AAC -> aac(payloadType, track);
        case OPUS ->
            new RtpFormat(
                payloadType,
                PayloadFormats.OPUS,
                OPUS_CLOCK,
                OPUS_CHANNELS,
                channels(track) > 1 ? Map.of("sprop-stereo", "1") : Map.of());
        case G711_ULAW -> g711(payloadType, PayloadFormats.ULAW, track);
        case G711_ALAW -> g711(payloadType, PayloadFormats.ALAW, track);
        default -> throw PayloadFormats.unsupported(track.codecId());
      };
    } catch (MediaException e) {
      throw new IllegalArgumentException(
          "the decoder setup of track %d cannot be read".formatted(track.number()), e);
    }
  }

  private static RtpFormat video(int payloadType, String name, Map<String, String> parameters) {
    return new RtpFormat(payloadType, name, VIDEO_CLOCK, 0, parameters);
  }

  private static Map<String, String> h264(Track track) throws MediaException {
    if (track.codecPrivate().isEmpty()) {
      return Map.of("packetization-mode", "1");
    }
    AvcConfig config = AvcConfig.parse(track.codecPrivate().view());
    List<ByteBuffer> sets = new ArrayList<>(config.sps());
    sets.addAll(config.pps());
    String profile =
        "%02x%02x%02x".formatted(config.profileIdc(), config.constraintFlags(), config.levelIdc());
    return Map.of(
        "packetization-mode",
        "1",
        "profile-level-id",
        profile,
        "sprop-parameter-sets",
        base64(sets));
  }

  private static Map<String, String> h265(Track track) throws MediaException {
    if (track.codecPrivate().isEmpty()) {
      return Map.of();
    }
    HevcConfig config = HevcConfig.parse(track.codecPrivate().view());
    return Map.of(
        "sprop-vps", base64(config.vps()),
        "sprop-sps", base64(config.sps()),
        "sprop-pps", base64(config.pps()));
  }

  /** Of what has a default (RFC 9628 section 6), what differs from it. */
  private static Map<String, String> vp9(Track track) throws MediaException {
    if (track.codecPrivate().isEmpty()) {
      return Map.of();
    }
    int profile = Vp9Config.parse(track.codecPrivate().view()).profile();
    return profile == 0 ? Map.of() : Map.of("profile-id", Integer.toString(profile));
  }

  /** Of what has a default (RTP Payload Format For AV1 section 7.2), what is beyond it. */
  private static Map<String, String> av1(Track track) throws MediaException {
    if (track.codecPrivate().isEmpty()) {
      return Map.of();
    }
    SequenceHeader header = Av1Config.parse(track.codecPrivate().view()).sequence();
    Map<String, String> parameters = new HashMap<>();
    if (header.profile() > 0) {
      parameters.put("profile", Integer.toString(header.profile()));
    }
    if (header.level() > AV1_DEFAULT_LEVEL) {
      parameters.put("level-idx", Integer.toString(header.level()));
    }
    if (header.highTier()) {
      parameters.put("tier", "1");
    }
    return parameters;
  }

  private static String base64(List<ByteBuffer> units) {
    return units.stream()
        .map(unit -> Base64.getEncoder().encode(unit.duplicate()))
        .map(text -> StandardCharsets.ISO_8859_1.decode(text).toString())
        .collect(Collectors.joining(","));
  }

  private static RtpFormat aac(int payloadType, Track track) throws MediaException {
    AacConfig config = AacConfig.parse(track.codecPrivate().view());
    return new RtpFormat(
        payloadType,
        PayloadFormats.AAC,
        config.outputSamplingHz(),
        config.channels() > 0 ? config.channels() : Math.max(1, channels(track)),
        Map.of(
            "streamtype", "5",
            "profile-level-id", "1",
            "mode", "AAC-hbr",
            "sizelength", "13",
            "indexlength", "3",
            "indexdeltalength", "3",
            "config", HexFormat.of().formatHex(track.codecPrivate().toByteArray())));
  }

  private static RtpFormat g711(int payloadType, String name, Track track) {
    int hz = track.audio().map(audio -> (int) audio.samplingHz()).orElse(G711_HZ);
    return new RtpFormat(payloadType, name, hz, Math.max(1, channels(track)), Map.of());
  }

  private static int channels(Track track) {
    return track.audio().map(AudioFormat::channels).orElse(0);
  }
}
