package io.millrace.media.aac;

import io.millrace.media.bits.BitReader;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.MalformedMedia;
import java.nio.ByteBuffer;

/**
 * AudioSpecificConfig of AAC (ISO 14496-3 section 1.6.2.1).
 *
 * @param objectType audio object type of the core coder: 2 is AAC LC
 * @param signalledType type that the codec string names: 5 with SBR, 29 with PS, else the core's
 * @param coreSamplingHz sampling rate of the core coder
 * @param outputSamplingHz rate after explicit SBR, else the core's
 * @param channels 1 to 8, 0 where a program config element defines them
 * @param coreFrameSamples 1024, or 960 with the frame length flag
 */
public record AacConfig(
    int objectType,
    int signalledType,
    int coreSamplingHz,
    int outputSamplingHz,
    int channels,
    int coreFrameSamples) {
  private static final int ESCAPE = 31;
  private static final int AAC_LC = 2;
  private static final int SBR = 5;
  private static final int PS = 29;
  private static final int EXPLICIT_FREQUENCY = 15;
  private static final int SYNC_EXTENSION = 0x2b7;
  private static final int[] FREQUENCIES = {
    96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350
  };

  /**
   * Parses an AudioSpecificConfig.
   *
   * @param data borrowed and left as it was
   */
  public static AacConfig parse(ByteBuffer data) throws MalformedMedia {
    BitReader in = BitReader.of(data, "AudioSpecificConfig");
    int type = objectType(in);
    int coreHz = frequency(in);
    int channels = channels(in);
    int signalled = type;
    int outputHz = coreHz;
    if (type == SBR || type == PS) {
      outputHz = frequency(in);
      type = objectType(in);
    }
    int frame = hasFrameLengthFlag(type) && in.left() > 0 && in.flag() ? 960 : 1024;
    if (signalled == type && type == AAC_LC && in.left() >= 2 + 11 + 5 + 1) {
      // depends-on-core-coder and extension flags stand before the backward compatible signal.
      in.skip(2);
      if (in.bits(11) == SYNC_EXTENSION && objectType(in) == SBR && in.flag()) {
        signalled = SBR;
        outputHz = frequency(in);
      }
    }
    return new AacConfig(type, signalled, coreHz, outputHz, channels, frame);
  }

  private static boolean hasFrameLengthFlag(int type) {
    return switch (type) {
      case 1, 2, 3, 4, 6, 7, 17, 19, 20, 21, 22, 23 -> true;
      default -> false;
    };
  }

  private static int objectType(BitReader in) throws MalformedMedia {
    int type = in.small(5);
    if (type == ESCAPE) {
      type = 32 + in.small(6);
    }
    if (type == 0) {
      throw in.malformed("has audio object type 0");
    }
    return type;
  }

  private static int frequency(BitReader in) throws MalformedMedia {
    int index = in.small(4);
    int hz = index == EXPLICIT_FREQUENCY ? in.small(24) : index < 13 ? FREQUENCIES[index] : 0;
    if (hz == 0) {
      throw in.malformed("has no sampling frequency");
    }
    return hz;
  }

  private static int channels(BitReader in) throws MalformedMedia {
    int configuration = in.small(4);
    return switch (configuration) {
      case 7, 12, 14 -> 8;
      case 11 -> 7;
      case 13 -> throw in.malformed("has 24 channels");
      default -> {
        if (configuration > 7) {
          throw in.malformed("has channel configuration " + configuration);
        }
        yield configuration;
      }
    };
  }

  /**
   * The two bytes for AAC LC.
   *
   * @throws MalformedMedia if the rate is no standard one or channels are not 1 to 6 or 8
   */
  public static CodecPrivateData buildLowComplexity(int samplingHz, int channels)
      throws MalformedMedia {
    int configuration = channels == 8 ? 7 : channels;
    for (int index = 0; index < FREQUENCIES.length; index++) {
      if (FREQUENCIES[index] == samplingHz && configuration >= 1 && configuration <= 7) {
        int bits = AAC_LC << 11 | index << 7 | configuration << 3;
        return CodecPrivateData.copyOf(new byte[] {(byte) (bits >> 8), (byte) bits});
      }
    }
    throw new MalformedMedia("AAC of %d Hz and %d channels".formatted(samplingHz, channels), 0, "");
  }

  /** Samples of one frame at the output rate: 2048 with explicit SBR. */
  public int outputFrameSamples() {
    return outputSamplingHz == 2L * coreSamplingHz ? 2 * coreFrameSamples : coreFrameSamples;
  }

  /** RFC 6381 codec string, such as {@code mp4a.40.2}. */
  public String codecString() {
    return "mp4a.40." + signalledType;
  }
}
