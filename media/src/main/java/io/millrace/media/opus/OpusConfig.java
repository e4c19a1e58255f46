package io.millrace.media.opus;

import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.MalformedMedia;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Identification header of Opus (RFC 7845 section 5.1), which Matroska keeps as codec private data
 * and MP4 in another byte order.
 *
 * @param channels 1 to 255 coming out of the decoder
 * @param preSkipSamples to throw away where the stream begins, at 48 kHz
 * @param inputHz sampling rate before encoding, 0 where unknown
 * @param outputGain in 256ths of a decibel
 * @param mapping channel mapping family and, unless it is 0, its table; read-only
 */
public record OpusConfig(
    int channels, int preSkipSamples, long inputHz, int outputGain, ByteBuffer mapping) {
  /** Rate at which every decoder can give its samples, and in which times are counted. */
  public static final int SAMPLING_HZ = 48_000;

  private static final byte[] MAGIC = "OpusHead".getBytes(StandardCharsets.US_ASCII);
  private static final int FIXED_BYTES = 19;
  private static final int MAPPING_AT = 18;

  /**
   * Parses a header.
   *
   * @param data borrowed and left as it was
   */
  public static OpusConfig parse(ByteBuffer data) throws MalformedMedia {
    ByteBuffer in = data.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (in.remaining() < FIXED_BYTES || in.mismatch(ByteBuffer.wrap(MAGIC)) != MAGIC.length) {
      throw new MalformedMedia("OpusHead of %d bytes".formatted(in.remaining()), 0, "OpusHead");
    }
    int channels = in.get(9) & 0xff;
    boolean known = (in.get(8) & 0xf0) == 0;
    int family = in.get(MAPPING_AT) & 0xff;
    int mappingBytes = family == 0 ? 1 : 1 + 2 + channels;
    if (!known || channels == 0 || (family == 0 && channels > 2)) {
      throw new MalformedMedia("OpusHead with %d channels".formatted(channels), 9, "OpusHead");
    }
    if (in.remaining() < MAPPING_AT + mappingBytes) {
      throw new MalformedMedia("OpusHead without its channel mapping", MAPPING_AT, "OpusHead");
    }
    return new OpusConfig(
        channels,
        in.getShort(10) & 0xffff,
        in.getInt(12) & 0xffffffffL,
        in.getShort(16),
        in.slice(MAPPING_AT, mappingBytes).asReadOnlyBuffer());
  }

  /** The header for one or two channels of a stream that is entered anywhere. */
  public static CodecPrivateData build(int channels) {
    ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.put(MAGIC).put((byte) 1).put((byte) (channels > 1 ? 2 : 1)).putShort((short) 0);
    out.putInt(SAMPLING_HZ).putShort((short) 0).put((byte) 0);
    return CodecPrivateData.copyOf(out.flip());
  }

  /**
   * Samples at 48 kHz that a packet decodes to (RFC 6716 section 3.1).
   *
   * @param packet borrowed and left as it was
   * @return 120 to 5,760; 0 for a packet that is none
   */
  public static int samples(ByteBuffer packet) {
    if (!packet.hasRemaining()) {
      return 0;
    }
    int head = packet.get(packet.position()) & 0xff;
    int config = head >> 3;
    int perFrame;
    if (config < 12) {
      // SILK: 10, 20, 40 and 60 ms.
      perFrame = (config & 3) == 3 ? 2880 : 480 << (config & 3);
    } else if (config < 16) {
      // Hybrid: 10 and 20 ms.
      perFrame = 480 << (config & 1);
    } else {
      // CELT: 2.5, 5, 10 and 20 ms.
      perFrame = 120 << (config & 3);
    }
    int frames =
        switch (head & 3) {
          case 0 -> 1;
          case 1, 2 -> 2;
          default -> packet.remaining() < 2 ? 0 : packet.get(packet.position() + 1) & 0x3f;
        };
    int samples = perFrame * frames;
    return samples > 5760 ? 0 : samples;
  }
}
