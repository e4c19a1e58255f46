package io.millrace.media.bits;

import io.millrace.media.track.MalformedMedia;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The two ways NAL units are put in a row: with start codes (Annex B of H.264 and H.265) and with
 * length fields (ISO 14496-15). All buffers are borrowed and left as they were; results are views.
 */
public final class NalUnits {
  /** Width of the length fields we write. */
  public static final int LENGTH_BYTES = 4;

  private NalUnits() {}

  /** Whether the bytes begin with a start code of 3 or 4 bytes. */
  public static boolean startsWithStartCode(ByteBuffer data) {
    int p = data.position();
    int n = data.remaining();
    return n >= 4
        && data.get(p) == 0
        && data.get(p + 1) == 0
        && (data.get(p + 2) == 1 || (data.get(p + 2) == 0 && data.get(p + 3) == 1));
  }

  /** Whether the bytes are a row of non-empty NAL units with length fields, to the last byte. */
  public static boolean isLengthPrefixed(ByteBuffer data, int lengthBytes) {
    long at = data.position();
    if (!data.hasRemaining()) {
      return false;
    }
    while (at < data.limit()) {
      if (at + lengthBytes > data.limit()) {
        return false;
      }
      long length = length(data, (int) at, lengthBytes);
      at += lengthBytes + length;
      if (length == 0) {
        return false;
      }
    }
    return at == data.limit();
  }

  /**
   * Whether a frame is in Annex B form. A length of 256 to 511 looks like a start code, so the
   * frame counts as Annex B only if it is no row of lengths.
   */
  public static boolean isAnnexB(ByteBuffer frame) {
    return startsWithStartCode(frame) && !isLengthPrefixed(frame, LENGTH_BYTES);
  }

  /** NAL units between start codes, without empty ones. */
  public static List<ByteBuffer> splitAnnexB(ByteBuffer data) {
    List<ByteBuffer> units = new ArrayList<>();
    int start = -1;
    int limit = data.limit();
    int i = data.position();
    while (i + 2 < limit) {
      int third = data.get(i + 2);
      if (third > 1 || third < 0) {
        i += 3;
      } else if (third == 1 && data.get(i) == 0 && data.get(i + 1) == 0) {
        addUnit(units, data, start, i);
        start = i + 3;
        i += 3;
      } else {
        i++;
      }
    }
    addUnit(units, data, start, limit);
    return units;
  }

  private static void addUnit(List<ByteBuffer> units, ByteBuffer data, int start, int end) {
    if (start < 0) {
      return;
    }
    int last = end;
    // Zero bytes before a start code belong to it, never to the unit (7.4.1: no trailing zeros).
    while (last > start && data.get(last - 1) == 0) {
      last--;
    }
    if (last > start) {
      units.add(data.slice(start, last - start));
    }
  }

  /**
   * NAL units with length fields, without empty ones.
   *
   * @param lengthBytes width of the length fields, 1 to 4
   * @throws MalformedMedia if a length is beyond the end
   */
  public static List<ByteBuffer> splitLengthPrefixed(ByteBuffer data, int lengthBytes)
      throws MalformedMedia {
    List<ByteBuffer> units = new ArrayList<>();
    int at = data.position();
    while (at < data.limit()) {
      if (data.limit() - at < lengthBytes) {
        throw new MalformedMedia("NAL unit length is cut", at - data.position(), "");
      }
      long length = length(data, at, lengthBytes);
      at += lengthBytes;
      if (length > data.limit() - at) {
        throw new MalformedMedia(
            "NAL unit of %d bytes is longer than its frame".formatted(length),
            (long) at - lengthBytes - data.position(),
            "");
      }
      if (length > 0) {
        units.add(data.slice(at, (int) length));
      }
      at += (int) length;
    }
    return units;
  }

  /** The units with 4-byte length fields, in one new buffer. */
  public static ByteBuffer joinLengthPrefixed(List<ByteBuffer> units) {
    int size = 0;
    for (ByteBuffer unit : units) {
      size += LENGTH_BYTES + unit.remaining();
    }
    ByteBuffer joined = ByteBuffer.allocate(size);
    for (ByteBuffer unit : units) {
      joined.putInt(unit.remaining()).put(unit.duplicate());
    }
    return joined.flip();
  }

  /** The units with 4-byte start codes, in one new buffer. */
  public static ByteBuffer joinAnnexB(List<ByteBuffer> units) {
    int size = 0;
    for (ByteBuffer unit : units) {
      size += LENGTH_BYTES + unit.remaining();
    }
    ByteBuffer joined = ByteBuffer.allocate(size);
    for (ByteBuffer unit : units) {
      joined.putInt(1).put(unit.duplicate());
    }
    return joined.flip();
  }

  private static long length(ByteBuffer data, int at, int lengthBytes) {
    long length = 0;
    for (int i = 0; i < lengthBytes; i++) {
      length = length << 8 | (data.get(at + i) & 0xff);
    }
    return length;
  }
}
