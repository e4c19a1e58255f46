package io.millrace.ingest.rtp.payload;

import io.millrace.media.aac.AacConfig;
import io.millrace.media.codec.Codec;
import io.millrace.media.codec.InBandSetup;
import io.millrace.media.h264.AvcConfig;
import io.millrace.media.h264.H264Nal;
import io.millrace.media.h265.HevcConfig;
import io.millrace.media.opus.OpusConfig;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import io.millrace.media.track.Track.TrackType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Tracks made from what SDP says. What it says wrongly is left out: it comes in band then. */
final class ReceivedTracks {
  private static final int WAVE_ALAW = 6;
  private static final int WAVE_ULAW = 7;
  private static final int BITS_OF_G711 = 8;

  /** Longest parameter that is read, in characters. */
  private static final int MAX_PARAMETER = 64 << 10;

  private ReceivedTracks() {}

  static Track of(int number, RtpFormat format) {
    return switch (format.encoding()) {
      case PayloadFormats.H264 -> video(number, Codec.H264_ID, h264(format));
      case PayloadFormats.H265 -> video(number, Codec.H265_ID, h265(format));
      case PayloadFormats.VP8 -> video(number, Codec.VP8_ID, CodecPrivateData.EMPTY);
      case PayloadFormats.VP9 -> video(number, Codec.VP9_ID, CodecPrivateData.EMPTY);
      case PayloadFormats.AV1 -> video(number, Codec.AV1_ID, CodecPrivateData.EMPTY);
      case PayloadFormats.AAC -> aac(number, format);
      case PayloadFormats.OPUS -> {
        int channels = "1".equals(format.parameters().get("sprop-stereo")) ? 2 : 1;
        yield audio(
            number,
            Codec.OPUS_ID,
            OpusConfig.build(channels),
            new AudioFormat(OpusConfig.SAMPLING_HZ, channels, 0));
      }
      case PayloadFormats.ULAW -> g711(number, WAVE_ULAW, format);
      case PayloadFormats.ALAW -> g711(number, WAVE_ALAW, format);
      default -> throw PayloadFormats.unsupported(format.encoding());
    };
  }

  private static Track video(int number, String codecId, CodecPrivateData setup) {
    Track track =
        new Track(
            number,
            number,
            TrackType.VIDEO,
            "",
            codecId,
            setup,
            0,
            Optional.empty(),
            Optional.empty());
    try {
      return InBandSetup.withPicture(track);
    } catch (MediaException e) {
      return track.withCodecPrivate(CodecPrivateData.EMPTY);
    }
  }

  private static Track audio(int number, String codecId, CodecPrivateData setup, AudioFormat as) {
    return new Track(
        number, number, TrackType.AUDIO, "", codecId, setup, 0, Optional.empty(), Optional.of(as));
  }

  private static CodecPrivateData h264(RtpFormat format) {
    List<ByteBuffer> sps = new ArrayList<>();
    List<ByteBuffer> pps = new ArrayList<>();
    for (ByteBuffer unit : units(format, "sprop-parameter-sets")) {
      switch (H264Nal.type(unit)) {
        case H264Nal.SPS -> sps.add(unit);
        case H264Nal.PPS -> pps.add(unit);
        default -> {}
      }
    }
    try {
      return AvcConfig.of(sps, pps).build();
    } catch (MediaException e) {
      return CodecPrivateData.EMPTY;
    }
  }

  private static CodecPrivateData h265(RtpFormat format) {
    try {
      return HevcConfig.of(
              units(format, "sprop-vps"), units(format, "sprop-sps"), units(format, "sprop-pps"))
          .build();
    } catch (MediaException e) {
      return CodecPrivateData.EMPTY;
    }
  }

  /** NAL units in base 64 with commas between. */
  private static List<ByteBuffer> units(RtpFormat format, String parameter) {
    String text = format.parameters().getOrDefault(parameter, "");
    List<ByteBuffer> units = new ArrayList<>();
    if (text.length() > MAX_PARAMETER) {
      return units;
    }
    for (String each : text.split(",", -1)) {
      try {
        byte[] unit = Base64.getDecoder().decode(each.trim());
        if (unit.length > 0) {
          units.add(ByteBuffer.wrap(unit));
        }
      } catch (IllegalArgumentException e) {
        // Cameras cut and misspell these; without all of them none is of use.
        return List.of();
      }
    }
    return units;
  }

  private static Track aac(int number, RtpFormat format) {
    Optional<AacConfig> config = aacConfig(format);
    int hz = config.map(AacConfig::outputSamplingHz).orElse(format.clockRate());
    int channels = config.map(AacConfig::channels).filter(c -> c > 0).orElse(format.channels());
    return audio(
        number,
        Codec.AAC_ID,
        config.isEmpty() ? CodecPrivateData.EMPTY : configBytes(format),
        new AudioFormat(hz, channels, 0));
  }

  /** The AudioSpecificConfig of an MPEG4-GENERIC format, where it has one that can be read. */
  static Optional<AacConfig> aacConfig(RtpFormat format) {
    CodecPrivateData bytes = configBytes(format);
    try {
      return bytes.isEmpty() ? Optional.empty() : Optional.of(AacConfig.parse(bytes.view()));
    } catch (MediaException e) {
      return Optional.empty();
    }
  }

  private static CodecPrivateData configBytes(RtpFormat format) {
    String text = format.parameters().getOrDefault("config", "").trim();
    try {
      return text.length() > MAX_PARAMETER
          ? CodecPrivateData.EMPTY
          : CodecPrivateData.copyOf(HexFormat.of().parseHex(text));
    } catch (IllegalArgumentException e) {
      return CodecPrivateData.EMPTY;
    }
  }

  private static Track g711(int number, int tag, RtpFormat format) {
    int channels = format.channels();
    int hz = format.clockRate();
    ByteBuffer wave = ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN);
    wave.putShort((short) tag).putShort((short) channels).putInt(hz).putInt(hz * channels);
    wave.putShort((short) channels).putShort((short) BITS_OF_G711).putShort((short) 0);
    return audio(
        number,
        Codec.ACM_ID,
        CodecPrivateData.copyOf(wave.flip()),
        new AudioFormat(hz, channels, BITS_OF_G711));
  }
}
