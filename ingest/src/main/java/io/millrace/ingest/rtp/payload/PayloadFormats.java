package io.millrace.ingest.rtp.payload;

import io.millrace.media.aac.AacConfig;
import io.millrace.media.codec.Codec;
import io.millrace.media.h264.AvcConfig;
import io.millrace.media.h265.HevcConfig;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import io.millrace.media.track.Track.TrackType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The payload formats that are spoken: which codec they carry, and who takes them apart. */
public final class PayloadFormats {
  private static final String H264 = "H264";
  private static final String H265 = "H265";
  private static final String AAC = "MPEG4-GENERIC";
  private static final String OPUS = "OPUS";
  private static final String ULAW = "PCMU";
  private static final String ALAW = "PCMA";
  private static final int VIDEO_CLOCK = 90_000;
  private static final int OPUS_CLOCK = 48_000;
  private static final int WAVE_ALAW = 6;
  private static final int WAVE_ULAW = 7;
  private static final int MAX_PARAMETER = 64 << 10;

  private PayloadFormats() {}

  /** Whether media of this format can be stored. */
  public static boolean supports(RtpFormat format) {
    return switch (format.encoding()) {
      case H264, H265, OPUS, ULAW, ALAW -> true;
      case AAC -> hasNoInterleaving(format) && number(format, "sizelength", 0) > 0;
      default -> false;
    };
  }

  private static boolean hasNoInterleaving(RtpFormat format) {
    return format.parameters().getOrDefault("mode", "").toUpperCase(Locale.ROOT).startsWith("AAC");
  }

  /**
   * Takes packets of a format apart.
   *
   * @throws IllegalArgumentException if it is not supported
   */
  public static Depacketizer depacketizer(RtpFormat format, DepacketizerSettings settings) {
    if (!supports(format)) {
      throw new IllegalArgumentException("cannot read RTP payloads of " + format.encoding());
    }
    return switch (format.encoding()) {
      case H264 -> new NalDepacketizer(new H264Format(), settings);
      case H265 ->
          new NalDepacketizer(
              new H265Format(number(format, "sprop-max-don-diff", 0) > 0), settings);
      case AAC ->
          new AacDepacketizer(
              number(format, "sizelength", 13),
              number(format, "indexlength", 0),
              number(format, "indexdeltalength", 0),
              aac(format).map(AacConfig::outputFrameSamples).orElse(1024),
              settings);
      default -> new PlainDepacketizer();
    };
  }

  private static int number(RtpFormat format, String parameter, int absent) {
    String text = format.parameters().get(parameter);
    if (text == null) {
      return absent;
    }
    try {
      return Math.clamp(Long.parseLong(text.trim()), 0, 32_767);
    } catch (NumberFormatException e) {
      return absent;
    }
  }

  /**
   * The track that packets of a format carry. Its codec private data come from the format's
   * parameters and are empty where those have none or cannot be read: then they travel in band.
   *
   * @param number of the track
   */
  public static Track track(int number, RtpFormat format) {
    return switch (format.encoding()) {
      case H264 -> video(number, Codec.H264_ID, h264Setup(format));
      case H265 -> video(number, Codec.H265_ID, h265Setup(format));
      case AAC -> {
        Optional<AacConfig> config = aac(format);
        yield audio(
            number,
            Codec.AAC_ID,
            config.isEmpty() ? CodecPrivateData.EMPTY : hex(format, "config"),
            config.map(AacConfig::outputSamplingHz).orElse(format.clockRate()),
            config.map(AacConfig::channels).filter(c -> c > 0).orElse(format.channels()),
            0);
      }
      case OPUS ->
          audio(number, Codec.OPUS_ID, opusHead(format), OPUS_CLOCK, opusChannels(format), 0);
      case ULAW ->
          audio(
              number,
              Codec.ACM_ID,
              wave(WAVE_ULAW, format),
              format.clockRate(),
              format.channels(),
              8);
      case ALAW ->
          audio(
              number,
              Codec.ACM_ID,
              wave(WAVE_ALAW, format),
              format.clockRate(),
              format.channels(),
              8);
      default ->
          throw new IllegalArgumentException("no track for RTP payloads of " + format.encoding());
    };
  }

  private static Track video(int number, String codecId, CodecPrivateData setup) {
    return new Track(
        number, number, TrackType.VIDEO, "", codecId, setup, 0, Optional.empty(), Optional.empty());
  }

  private static Track audio(
      int number,
      String codecId,
      CodecPrivateData setup,
      int samplingHz,
      int channels,
      int bitDepth) {
    return new Track(
        number,
        number,
        TrackType.AUDIO,
        "",
        codecId,
        setup,
        0,
        Optional.empty(),
        Optional.of(new AudioFormat(samplingHz, channels, bitDepth)));
  }

  private static CodecPrivateData h264Setup(RtpFormat format) {
    List<ByteBuffer> sps = new ArrayList<>();
    List<ByteBuffer> pps = new ArrayList<>();
    for (ByteBuffer unit : units(format, "sprop-parameter-sets")) {
      int type = unit.get(0) & 0x1f;
      if (type == 7) {
        sps.add(unit);
      } else if (type == 8) {
        pps.add(unit);
      }
    }
    try {
      return sps.isEmpty() || pps.isEmpty()
          ? CodecPrivateData.EMPTY
          : AvcConfig.of(sps, pps).build();
    } catch (MediaException e) {
      return CodecPrivateData.EMPTY;
    }
  }

  private static CodecPrivateData h265Setup(RtpFormat format) {
    List<ByteBuffer> vps = units(format, "sprop-vps");
    List<ByteBuffer> sps = units(format, "sprop-sps");
    List<ByteBuffer> pps = units(format, "sprop-pps");
    try {
      return vps.isEmpty() || sps.isEmpty() || pps.isEmpty()
          ? CodecPrivateData.EMPTY
          : HevcConfig.of(vps, sps, pps).build();
    } catch (MediaException e) {
      return CodecPrivateData.EMPTY;
    }
  }

  /** NAL units in base 64 with commas between; what cannot be read is left out. */
  private static List<ByteBuffer> units(RtpFormat format, String parameter) {
    List<ByteBuffer> units = new ArrayList<>();
    String text = format.parameters().getOrDefault(parameter, "");
    if (text.length() > MAX_PARAMETER) {
      return units;
    }
    for (String each : text.split(",")) {
      unit(each.trim()).ifPresent(units::add);
    }
    return units;
  }

  /** Cameras cut or misspell these; the sets come in band then. */
  private static Optional<ByteBuffer> unit(String text) {
    try {
      byte[] unit = Base64.getDecoder().decode(text);
      return unit.length > 0 ? Optional.of(ByteBuffer.wrap(unit)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static CodecPrivateData hex(RtpFormat format, String parameter) {
    String text = format.parameters().getOrDefault(parameter, "").trim();
    try {
      return text.length() > MAX_PARAMETER
          ? CodecPrivateData.EMPTY
          : CodecPrivateData.copyOf(HexFormat.of().parseHex(text));
    } catch (IllegalArgumentException e) {
      return CodecPrivateData.EMPTY;
    }
  }

  private static Optional<AacConfig> aac(RtpFormat format) {
    CodecPrivateData config = hex(format, "config");
    try {
      return config.isEmpty() ? Optional.empty() : Optional.of(AacConfig.parse(config.view()));
    } catch (MediaException e) {
      return Optional.empty();
    }
  }

  private static int opusChannels(RtpFormat format) {
    return "1".equals(format.parameters().get("sprop-stereo")) ? 2 : 1;
  }

  /** Identification header of Opus (RFC 7845 section 5.1). */
  private static CodecPrivateData opusHead(RtpFormat format) {
    ByteBuffer head = ByteBuffer.allocate(19).order(ByteOrder.LITTLE_ENDIAN);
    head.put("OpusHead".getBytes(StandardCharsets.US_ASCII))
        .put((byte) 1)
        .put((byte) opusChannels(format))
        .putShort((short) 0)
        .putInt(OPUS_CLOCK)
        .putShort((short) 0)
        .put((byte) 0)
        .flip();
    return CodecPrivateData.copyOf(head);
  }

  /** WAVEFORMATEX. */
  private static CodecPrivateData wave(int tag, RtpFormat format) {
    ByteBuffer wave = ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN);
    wave.putShort((short) tag)
        .putShort((short) format.channels())
        .putInt(format.clockRate())
        .putInt(format.clockRate() * format.channels())
        .putShort((short) format.channels())
        .putShort((short) 8)
        .putShort((short) 0)
        .flip();
    return CodecPrivateData.copyOf(wave);
  }

  /** Whether frames of a track can be sent over RTP. */
  public static boolean sends(Track track) {
    return switch (Codec.of(track)) {
      case H264, H265, AAC, OPUS, G711_ALAW, G711_ULAW -> true;
      default -> false;
    };
  }

  /**
   * The format in which a track is sent, for a session description.
   *
   * @throws IllegalArgumentException if it cannot be sent
   */
  public static RtpFormat format(int payloadType, Track track) {
    try {
      int hz = track.audio().map(audio -> (int) audio.samplingHz()).orElse(0);
      int channels = track.audio().map(AudioFormat::channels).orElse(0);
      return switch (Codec.of(track)) {
        case H264 -> h264(payloadType, AvcConfig.parse(track.codecPrivate().view()));
        case H265 -> h265(payloadType, HevcConfig.parse(track.codecPrivate().view()));
        case AAC ->
            new RtpFormat(
                payloadType,
                AAC,
                AacConfig.parse(track.codecPrivate().view()).outputSamplingHz(),
                Math.max(1, channels),
                Map.of(
                    "streamtype", "5",
                    "profile-level-id", "1",
                    "mode", "AAC-hbr",
                    "sizelength", "13",
                    "indexlength", "3",
                    "indexdeltalength", "3",
                    "config", HexFormat.of().formatHex(track.codecPrivate().toByteArray())));
        case OPUS ->
            new RtpFormat(
                payloadType,
                OPUS,
                OPUS_CLOCK,
                2,
                channels == 2 ? Map.of("sprop-stereo", "1") : Map.of());
        case G711_ULAW -> new RtpFormat(payloadType, ULAW, hz, Math.max(1, channels), Map.of());
        case G711_ALAW -> new RtpFormat(payloadType, ALAW, hz, Math.max(1, channels), Map.of());
        default -> throw new IllegalArgumentException(track.codecId() + " cannot be sent over RTP");
      };
    } catch (MediaException e) {
      throw new IllegalArgumentException(
          "the setup of track %d cannot be read".formatted(track.number()), e);
    }
  }

  private static RtpFormat h264(int payloadType, AvcConfig config) {
    List<ByteBuffer> sets = new ArrayList<>(config.sps());
    sets.addAll(config.pps());
    return new RtpFormat(
        payloadType,
        H264,
        VIDEO_CLOCK,
        0,
        Map.of(
            "packetization-mode",
            "1",
            "profile-level-id",
            "%02x%02x%02x"
                .formatted(config.profileIdc(), config.constraintFlags(), config.levelIdc()),
            "sprop-parameter-sets",
            base64(sets)));
  }

  private static RtpFormat h265(int payloadType, HevcConfig config) {
    return new RtpFormat(
        payloadType,
        H265,
        VIDEO_CLOCK,
        0,
        Map.of(
            "sprop-vps", base64(config.vps()),
            "sprop-sps", base64(config.sps()),
            "sprop-pps", base64(config.pps())));
  }

  private static String base64(List<ByteBuffer> units) {
    return units.stream()
        .map(
            unit ->
                StandardCharsets.ISO_8859_1.decode(Base64.getEncoder().encode(unit.duplicate())))
        .collect(Collectors.joining(","));
  }

  /**
   * Cuts frames of a track into payloads.
   *
   * @param maxPayloadBytes of one payload, at least 16; a frame of Opus or G.711 is one payload
   *     however large
   */
  public static Packetizer packetizer(Track track, int maxPayloadBytes) {
    return switch (Codec.of(track)) {
      case H264 -> new NalPacketizer(false, maxPayloadBytes);
      case H265 -> new NalPacketizer(true, maxPayloadBytes);
      case AAC -> new AacPacketizer(maxPayloadBytes);
      case OPUS, G711_ALAW, G711_ULAW -> new PlainPacketizer();
      default -> throw new IllegalArgumentException(track.codecId() + " cannot be sent over RTP");
    };
  }
}
