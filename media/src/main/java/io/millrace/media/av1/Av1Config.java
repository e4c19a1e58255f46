package io.millrace.media.av1;

import io.millrace.media.bits.Leb128;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.MalformedMedia;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decoder setup of AV1, which Matroska and MP4 keep alike ({@code av1C}: AV1 codec ISO media file
 * format binding section 2.3).
 *
 * @param sequence what the sequence header says
 * @param configObus sequence header and other OBUs with sizes; read-only
 */
public record Av1Config(SequenceHeader sequence, ByteBuffer configObus) {
  private static final String WHAT = "av1C";
  private static final int FIXED_BYTES = 4;
  private static final int MARKER_AND_VERSION = 0x81;

  /**
   * The setup in a temporal unit; null where it has no sequence header.
   *
   * @param unit borrowed and left as it was
   * @throws MalformedMedia if it or its sequence header cannot be read
   */
  public static @Nullable Av1Config find(ByteBuffer unit) throws MalformedMedia {
    for (Obu each : Obu.split(unit)) {
      if (each.type() == Obu.SEQUENCE_HEADER) {
        ByteBuffer sized =
            ByteBuffer.allocate(2 + Leb128.bytesOf(each.payloadBytes()) + each.payloadBytes());
        sized.put((byte) (unit.get(each.from()) | Obu.HAS_SIZE));
        if (each.headerBytes() > 1) {
          sized.put(unit.get(each.from() + 1));
        }
        Leb128.put(sized, each.payloadBytes());
        sized.put(unit.slice(each.payloadFrom(), each.payloadBytes())).flip();
        return new Av1Config(sequence(unit, each), sized.asReadOnlyBuffer());
      }
    }
    return null;
  }

  private static SequenceHeader sequence(ByteBuffer unit, Obu at) throws MalformedMedia {
    return SequenceHeader.parse(unit.slice(at.payloadFrom(), at.payloadBytes()));
  }

  /**
   * Reads {@code av1C}.
   *
   * @param data borrowed and left as it was
   * @throws MalformedMedia if it cannot be read or has no sequence header
   */
  public static Av1Config parse(ByteBuffer data) throws MalformedMedia {
    if (data.remaining() < FIXED_BYTES
        || (data.get(data.position()) & 0xff) != MARKER_AND_VERSION) {
      throw new MalformedMedia("av1C of another version or cut", 0, WHAT);
    }
    ByteBuffer obus =
        data.slice(data.position() + FIXED_BYTES, data.remaining() - FIXED_BYTES)
            .asReadOnlyBuffer();
    for (Obu each : Obu.split(obus)) {
      if (each.type() == Obu.SEQUENCE_HEADER) {
        return new Av1Config(sequence(obus, each), obus);
      }
    }
    throw new MalformedMedia("av1C without sequence header", FIXED_BYTES, WHAT);
  }

  /** {@code av1C}, which is Matroska's CodecPrivate. */
  public CodecPrivateData build() {
    ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + configObus.remaining());
    out.put((byte) MARKER_AND_VERSION);
    out.put((byte) (sequence.profile() << 5 | sequence.level()));
    out.put(
        (byte)
            (bit(sequence.highTier(), 7)
                | bit(sequence.bitDepth() > 8, 6)
                | bit(sequence.bitDepth() > 10, 5)
                | bit(sequence.monochrome(), 4)
                | bit(sequence.subsamplingX(), 3)
                | bit(sequence.subsamplingY(), 2)
                | sequence.chromaPosition()));
    out.put((byte) 0).put(configObus.duplicate());
    return CodecPrivateData.copyOf(out.flip());
  }

  private static int bit(boolean set, int at) {
    return set ? 1 << at : 0;
  }

  /** RFC 6381 codec string, such as {@code av01.0.05M.08}. */
  public String codecString() {
    return "av01.%d.%02d%s.%02d"
        .formatted(
            sequence.profile(),
            sequence.level(),
            sequence.highTier() ? "H" : "M",
            sequence.bitDepth());
  }
}
