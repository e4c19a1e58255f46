package io.millrace.media.h265;

import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.MalformedMedia;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Decoder configuration of H.265, known as hvcC (ISO 14496-15 section 8.3.3).
 *
 * @param profile general profile, tier and level
 * @param lengthBytes width of the length fields in frames: 1, 2 or 4
 * @param vps video parameter sets, NAL units from their header, read-only
 * @param sps sequence parameter sets, likewise
 * @param pps picture parameter sets, likewise
 */
public record HevcConfig(
    ProfileTierLevel profile,
    int lengthBytes,
    List<ByteBuffer> vps,
    List<ByteBuffer> sps,
    List<ByteBuffer> pps) {
  private static final int HEAD_BYTES = 23;

  public HevcConfig {
    vps = List.copyOf(vps);
    sps = List.copyOf(sps);
    pps = List.copyOf(pps);
  }

  /**
   * Parses hvcC; arrays of other units are left out.
   *
   * @param data borrowed and left as it was; parameter sets are views into it
   */
  public static HevcConfig parse(ByteBuffer data) throws MalformedMedia {
    ByteBuffer in = data.slice().asReadOnlyBuffer();
    if (in.remaining() < HEAD_BYTES) {
      throw new MalformedMedia("hvcC of %d bytes is too short".formatted(in.limit()), 0, "hvcC");
    }
    // Version 0 was written by encoders before the standard was final; the layout is the same.
    if ((in.get() & 0xff) > 1) {
      throw new MalformedMedia("hvcC version is not 1", 0, "hvcC");
    }
    int first = in.get() & 0xff;
    int compatibility = in.getInt();
    long constraints = (long) (in.getShort() & 0xffff) << 32 | (in.getInt() & 0xffffffffL);
    int level = in.get() & 0xff;
    ProfileTierLevel profile =
        new ProfileTierLevel(
            first >> 6, (first & 0x20) != 0, first & 0x1f, compatibility, constraints, level);
    int lengthBytes = (in.get(21) & 3) + 1;
    if (lengthBytes == 3) {
      throw new MalformedMedia("hvcC has lengths of 3 bytes", 21, "hvcC");
    }
    int arrays = in.get(22) & 0xff;
    in.position(HEAD_BYTES);
    List<ByteBuffer> vps = new ArrayList<>();
    List<ByteBuffer> sps = new ArrayList<>();
    List<ByteBuffer> pps = new ArrayList<>();
    for (int i = 0; i < arrays; i++) {
      require(in, 3);
      int type = in.get() & 0x3f;
      int count = in.getShort() & 0xffff;
      for (int j = 0; j < count; j++) {
        require(in, 2);
        int size = in.getShort() & 0xffff;
        require(in, size);
        ByteBuffer unit = in.slice(in.position(), size);
        in.position(in.position() + size);
        if (size >= H265Nal.HEADER_BYTES) {
          switch (type) {
            case H265Nal.VPS -> vps.add(unit);
            case H265Nal.SPS -> sps.add(unit);
            case H265Nal.PPS -> pps.add(unit);
            default -> {}
          }
        }
      }
    }
    return new HevcConfig(profile, lengthBytes, vps, sps, pps);
  }

  private static void require(ByteBuffer in, int bytes) throws MalformedMedia {
    if (in.remaining() < bytes) {
      throw new MalformedMedia("hvcC is cut", in.position(), "hvcC");
    }
  }

  /**
   * Builds the configuration for 4-byte lengths.
   *
   * @param vps at least one VPS, NAL units from their header
   * @param sps at least one SPS
   * @param pps at least one PPS
   * @throws MalformedMedia if a set is missing or the first SPS cannot be read
   */
  public static HevcConfig of(List<ByteBuffer> vps, List<ByteBuffer> sps, List<ByteBuffer> pps)
      throws MalformedMedia {
    if (vps.isEmpty() || sps.isEmpty() || pps.isEmpty()) {
      throw new MalformedMedia(
          "%d video, %d sequence and %d picture parameter sets"
              .formatted(vps.size(), sps.size(), pps.size()),
          0,
          "");
    }
    return new HevcConfig(H265Sps.parse(sps.getFirst()).profile(), 4, vps, sps, pps);
  }

  /** The first SPS, parsed. */
  public H265Sps firstSps() throws MalformedMedia {
    if (sps.isEmpty()) {
      throw new MalformedMedia("hvcC has no SPS", HEAD_BYTES, "hvcC");
    }
    return H265Sps.parse(sps.getFirst());
  }

  /** The hvcC bytes. */
  public CodecPrivateData build() throws MalformedMedia {
    H265Sps first = firstSps();
    int size = HEAD_BYTES;
    for (List<ByteBuffer> sets : List.of(vps, sps, pps)) {
      size += 3;
      for (ByteBuffer set : sets) {
        size += 2 + set.remaining();
      }
    }
    ByteBuffer out = ByteBuffer.allocate(size);
    out.put((byte) 1)
        .put(
            (byte)
                (profile.profileSpace() << 6
                    | (profile.highTier() ? 0x20 : 0)
                    | profile.profileIdc()))
        .putInt(profile.compatibilityFlags())
        .putShort((short) (profile.constraintFlags() >>> 32))
        .putInt((int) profile.constraintFlags())
        .put((byte) profile.levelIdc())
        .putShort((short) 0xf000)
        .put((byte) 0xfc)
        .put((byte) (0xfc | first.chromaFormatIdc()))
        .put((byte) (0xf8 | first.bitDepthLuma() - 8))
        .put((byte) (0xf8 | first.bitDepthChroma() - 8))
        .putShort((short) 0)
        .put(
            (byte) (first.subLayers() << 3 | (first.temporalIdNesting() ? 4 : 0) | lengthBytes - 1))
        .put((byte) 3);
    put(out, H265Nal.VPS, vps);
    put(out, H265Nal.SPS, sps);
    put(out, H265Nal.PPS, pps);
    return CodecPrivateData.copyOf(out.flip());
  }

  private static void put(ByteBuffer out, int type, List<ByteBuffer> sets) throws MalformedMedia {
    out.put((byte) (0x80 | type)).putShort((short) sets.size());
    for (ByteBuffer set : sets) {
      if (set.remaining() > 0xffff) {
        throw new MalformedMedia("parameter set of more than 65535 bytes", 0, "hvcC");
      }
      out.putShort((short) set.remaining()).put(set.duplicate());
    }
  }

  /** Codec string of the sample entry {@code hvc1}, such as {@code hvc1.1.6.L93.B0}. */
  public String codecString() {
    return profile.codecString("hvc1");
  }
}
