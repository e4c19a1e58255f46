package io.millrace.ingest.rtp.payload;

import io.millrace.ingest.rtp.payload.layout.Av1Layout;
import io.millrace.ingest.rtp.payload.layout.H264Layout;
import io.millrace.ingest.rtp.payload.layout.H265Layout;
import io.millrace.ingest.rtp.payload.layout.Vp8Layout;
import io.millrace.ingest.rtp.payload.layout.Vp9Layout;
import io.millrace.media.aac.AacConfig;
import io.millrace.media.codec.Codec;
import io.millrace.media.track.Track;
import java.util.Locale;

/** The payload formats that are spoken: which codec they carry, and who takes them apart. */
public final class PayloadFormats {
  static final String H264 = "H264";
  static final String H265 = "H265";
  static final String VP8 = "VP8";
  static final String VP9 = "VP9";
  static final String AV1 = "AV1";
  static final String AAC = "MPEG4-GENERIC";
  static final String OPUS = "OPUS";
  static final String ULAW = "PCMU";
  static final String ALAW = "PCMA";

  /** Smallest payload that frames are cut into. */
  public static final int MIN_PAYLOAD_BYTES = 16;

  /** Samples of an AAC frame where no configuration says otherwise. */
  private static final int AAC_SAMPLES = 1024;

  private static final int MAX_FIELD_BITS = 31;

  private PayloadFormats() {}

  /** Whether media of this format can be taken from its packets and stored. */
  public static boolean supports(RtpFormat format) {
    return switch (format.encoding()) {
      // Interleaved units (packetization mode 2) would have to be sorted.
      case H264 -> number(format, "packetization-mode", 0) <= 1;
      case H265, VP8, VP9, AV1, OPUS, ULAW, ALAW -> format.clockRate() > 0;
      case AAC -> {
        String mode = format.parameters().getOrDefault("mode", "").toUpperCase(Locale.ROOT);
        int sizeBits = number(format, "sizelength", 0);
        yield mode.startsWith("AAC-")
            && sizeBits > 0
            && sizeBits <= MAX_FIELD_BITS
            && number(format, "indexlength", 0) <= MAX_FIELD_BITS
            && number(format, "indexdeltalength", 0) <= MAX_FIELD_BITS
            && format.clockRate() > 0;
      }
      default -> false;
    };
  }

  /**
   * Takes packets of a format apart.
   *
   * @throws IllegalArgumentException if it is not supported
   */
  public static Depacketizer depacketizer(RtpFormat format, DepacketizerSettings settings) {
    if (!supports(format)) {
      throw unsupported(format.encoding());
    }
    return switch (format.encoding()) {
      case H264 -> new NalDepacketizer(new H264Layout(), settings);
      case H265 -> {
        boolean withDonl = number(format, "sprop-max-don-diff", 0) > 0;
        yield new NalDepacketizer(new H265Layout(withDonl), settings);
      }
      case VP8 -> new FrameDepacketizer(new Vp8Layout(), settings);
      case VP9 -> new FrameDepacketizer(new Vp9Layout(), settings);
      case AV1 -> new FrameDepacketizer(new Av1Layout(), settings);
      case AAC -> {
        AacDepacketizer.Headers headers =
            new AacDepacketizer.Headers(
                number(format, "sizelength", 0),
                number(format, "indexlength", 0),
                number(format, "indexdeltalength", 0));
        yield new AacDepacketizer(headers, aacTicks(format), settings);
      }
      default -> new PlainDepacketizer(settings);
    };
  }

  /** RTP ticks of one AAC frame: the clock may run at the rate before or after SBR. */
  private static int aacTicks(RtpFormat format) {
    long ticks =
        ReceivedTracks.aacConfig(format)
            .map(PayloadFormats::secondsOfFrame)
            .map(seconds -> Math.round(seconds * format.clockRate()))
            .orElse((long) AAC_SAMPLES);
    return number(format, "constantduration", Math.clamp(ticks, 1, 1 << 16));
  }

  private static double secondsOfFrame(AacConfig config) {
    return (double) config.coreFrameSamples() / config.coreSamplingHz();
  }

  private static int number(RtpFormat format, String parameter, int absent) {
    String text = format.parameters().get(parameter);
    if (text == null) {
      return absent;
    }
    try {
      return Math.clamp(Long.parseLong(text.trim()), 0, 1 << 16);
    } catch (NumberFormatException e) {
      return absent;
    }
  }

  /**
   * The track that packets of a format carry. Its codec private data come from the format's
   * parameters and are empty where those have none or cannot be read: then they travel in band.
   *
   * @param number of the track
   * @throws IllegalArgumentException if the format is not supported
   */
  public static Track track(int number, RtpFormat format) {
    return ReceivedTracks.of(number, format);
  }

  /** Whether frames of a track can be sent over RTP. */
  public static boolean sends(Track track) {
    return switch (Codec.of(track)) {
      case H264, H265, VP8, VP9, AV1, AAC, OPUS, G711_ALAW, G711_ULAW -> true;
      case OTHER -> false;
    };
  }

  /**
   * The format in which a track is sent, for a session description.
   *
   * @throws IllegalArgumentException if it cannot be sent, or its decoder setup cannot be read
   */
  public static RtpFormat format(int payloadType, Track track) {
    return SentFormats.of(payloadType, track);
  }

  /**
   * Cuts frames of a track into payloads.
   *
   * @param maxPayloadBytes of one payload, at least {@link #MIN_PAYLOAD_BYTES}; a frame of Opus or
   *     G.711 is one payload however large
   * @throws IllegalArgumentException if the track cannot be sent
   */
  public static Packetizer packetizer(Track track, int maxPayloadBytes) {
    if (maxPayloadBytes < MIN_PAYLOAD_BYTES) {
      throw new IllegalArgumentException("payloads of %d bytes".formatted(maxPayloadBytes));
    }
    return switch (Codec.of(track)) {
      case H264 -> new NalPacketizer(false, maxPayloadBytes);
      case H265 -> new NalPacketizer(true, maxPayloadBytes);
      case VP8 -> new FramePacketizer(false, maxPayloadBytes);
      case VP9 -> new FramePacketizer(true, maxPayloadBytes);
      case AV1 -> new Av1Packetizer(maxPayloadBytes);
      case AAC -> new AacPacketizer(maxPayloadBytes);
      case OPUS, G711_ALAW, G711_ULAW -> new PlainPacketizer();
      case OTHER -> throw unsupported(track.codecId());
    };
  }

  static IllegalArgumentException unsupported(String what) {
    return new IllegalArgumentException(what + " does not travel over RTP here");
  }
}
