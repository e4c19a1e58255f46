package io.millrace.media.h264;

import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.MalformedMedia;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Decoder configuration of H.264, known as avcC (ISO 14496-15 section 5.3.3).
 *
 * @param profileIdc as in the first SPS
 * @param constraintFlags as in the first SPS
 * @param levelIdc as in the first SPS
 * @param lengthBytes width of the length fields in frames: 1, 2 or 4
 * @param sps sequence parameter sets, NAL units from their header, read-only
 * @param pps picture parameter sets, likewise
 */
public record AvcConfig(
    int profileIdc,
    int constraintFlags,
    int levelIdc,
    int lengthBytes,
    List<ByteBuffer> sps,
    List<ByteBuffer> pps) {
  private static final int HEAD_BYTES = 6;

  public AvcConfig {
    sps = List.copyOf(sps);
    pps = List.copyOf(pps);
  }

  /**
   * Parses avcC. Reserved bits are not looked at: encoders in the field leave them zero.
   *
   * @param data borrowed and left as it was; parameter sets are views into it
   */
  public static AvcConfig parse(ByteBuffer data) throws MalformedMedia {
    ByteBuffer in = data.slice().asReadOnlyBuffer();
    if (in.remaining() < HEAD_BYTES + 1) {
      throw new MalformedMedia("avcC of %d bytes is too short".formatted(in.limit()), 0, "avcC");
    }
    if (in.get() != 1) {
      throw new MalformedMedia("avcC version is not 1", 0, "avcC");
    }
    int profile = in.get() & 0xff;
    int constraints = in.get() & 0xff;
    int level = in.get() & 0xff;
    int lengthBytes = (in.get() & 3) + 1;
    if (lengthBytes == 3) {
      throw new MalformedMedia("avcC has lengths of 3 bytes", 4, "avcC");
    }
    List<ByteBuffer> sps = sets(in, in.get() & 0x1f);
    List<ByteBuffer> pps = in.hasRemaining() ? sets(in, in.get() & 0xff) : List.of();
    return new AvcConfig(profile, constraints, level, lengthBytes, sps, pps);
  }

  private static List<ByteBuffer> sets(ByteBuffer in, int count) throws MalformedMedia {
    List<ByteBuffer> sets = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int size = in.remaining() < 2 ? -1 : in.getShort() & 0xffff;
      if (size < 1 || size > in.remaining()) {
        throw new MalformedMedia("avcC parameter set is cut or empty", in.position(), "avcC");
      }
      sets.add(in.slice(in.position(), size));
      in.position(in.position() + size);
    }
    return sets;
  }

  /**
   * Builds the configuration for 4-byte lengths.
   *
   * @param sps at least one SPS, NAL units from their header
   * @param pps at least one PPS
   * @throws MalformedMedia if a set is missing or the first SPS cannot be read
   */
  public static AvcConfig of(List<ByteBuffer> sps, List<ByteBuffer> pps) throws MalformedMedia {
    if (sps.isEmpty() || pps.isEmpty() || sps.size() > 31 || pps.size() > 255) {
      throw new MalformedMedia(
          "%d sequence and %d picture parameter sets".formatted(sps.size(), pps.size()), 0, "");
    }
    H264Sps first = H264Sps.parse(sps.getFirst());
    return new AvcConfig(
        first.profileIdc(), first.constraintFlags(), first.levelIdc(), 4, sps, pps);
  }

  /** The first SPS, parsed. */
  public H264Sps firstSps() throws MalformedMedia {
    if (sps.isEmpty()) {
      throw new MalformedMedia("avcC has no SPS", 5, "avcC");
    }
    return H264Sps.parse(sps.getFirst());
  }

  /** The avcC bytes, with the chroma extension that High profiles ask for. */
  public CodecPrivateData build() throws MalformedMedia {
    int size = HEAD_BYTES + 1 + 4;
    for (ByteBuffer set : sps) {
      size += 2 + set.remaining();
    }
    for (ByteBuffer set : pps) {
      size += 2 + set.remaining();
    }
    ByteBuffer out = ByteBuffer.allocate(size);
    out.put((byte) 1).put((byte) profileIdc).put((byte) constraintFlags).put((byte) levelIdc);
    out.put((byte) (0xfc | lengthBytes - 1)).put((byte) (0xe0 | sps.size()));
    put(out, sps);
    out.put((byte) pps.size());
    put(out, pps);
    if (H264Sps.isHigh(profileIdc)) {
      H264Sps first = firstSps();
      out.put((byte) (0xfc | first.chromaFormatIdc()))
          .put((byte) (0xf8 | first.bitDepthLuma() - 8))
          .put((byte) (0xf8 | first.bitDepthChroma() - 8))
          .put((byte) 0);
    }
    return CodecPrivateData.copyOf(out.flip());
  }

  private static void put(ByteBuffer out, List<ByteBuffer> sets) throws MalformedMedia {
    for (ByteBuffer set : sets) {
      if (set.remaining() > 0xffff) {
        throw new MalformedMedia("parameter set of more than 65535 bytes", 0, "avcC");
      }
      out.putShort((short) set.remaining()).put(set.duplicate());
    }
  }

  /** RFC 6381 codec string, such as {@code avc1.64001f}. */
  public String codecString() {
    return "avc1.%02x%02x%02x".formatted(profileIdc, constraintFlags, levelIdc);
  }
}
