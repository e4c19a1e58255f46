package io.millrace.media.av1;

import io.millrace.media.bits.Leb128;
import io.millrace.media.track.MalformedMedia;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One open bitstream unit of AV1 (AV1 section 5.3), where it lies in a buffer.
 *
 * @param type 0 to 15, such as {@link #SEQUENCE_HEADER}
 * @param from absolute index of its header
 * @param headerBytes 1, or 2 with extension
 * @param payloadFrom absolute index of what follows header and size
 * @param end absolute index behind it
 */
public record Obu(int type, int from, int headerBytes, int payloadFrom, int end) {
  public static final int SEQUENCE_HEADER = 1;
  public static final int TEMPORAL_DELIMITER = 2;
  public static final int FRAME_HEADER = 3;
  public static final int FRAME = 6;
  public static final int TILE_LIST = 8;
  public static final int PADDING = 15;

  /** Bit of the header: a size follows. */
  public static final int HAS_SIZE = 0x02;

  private static final int FORBIDDEN = 0x80;
  private static final int EXTENSION = 0x04;
  private static final String WHAT = "OBU";

  /** Type in the first byte of a header. */
  public static int type(int header) {
    return header >> 3 & 0x0f;
  }

  /** Bytes of a header by its first, without the size. */
  public static int headerBytes(int header) {
    return (header & EXTENSION) == 0 ? 1 : 2;
  }

  /** Bytes of the payload. */
  public int payloadBytes() {
    return end - payloadFrom;
  }

  /**
   * The unit at an index; without a size it reaches to the limit.
   *
   * @param in borrowed and left as it was
   * @param from absolute index below the limit
   * @throws MalformedMedia if it is none, or reaches beyond the limit
   */
  public static Obu at(ByteBuffer in, int from) throws MalformedMedia {
    int header = in.get(from);
    int headerBytes = headerBytes(header);
    if ((header & FORBIDDEN) != 0 || headerBytes > in.limit() - from) {
      throw malformed("has a broken header", from - in.position());
    }
    int payloadFrom = from + headerBytes;
    int end = in.limit();
    if ((header & HAS_SIZE) != 0) {
      int length = Leb128.length(in, payloadFrom);
      if (length < 0) {
        throw malformed("has a broken size", payloadFrom - in.position());
      }
      int size = Leb128.value(in, payloadFrom);
      payloadFrom += length;
      if (size > in.limit() - payloadFrom) {
        throw malformed("of %d bytes ends early".formatted(size), from - in.position());
      }
      end = payloadFrom + size;
    }
    return new Obu(type(header), from, headerBytes, payloadFrom, end);
  }

  /**
   * The units of a temporal unit, in order.
   *
   * @param unit as Matroska and MP4 keep it; borrowed and left as it was
   * @throws MalformedMedia if it is no row of them
   */
  public static List<Obu> split(ByteBuffer unit) throws MalformedMedia {
    List<Obu> found = new ArrayList<>();
    int at = unit.position();
    while (at < unit.limit()) {
      Obu each = at(unit, at);
      found.add(each);
      at = each.end;
    }
    return found;
  }

  /**
   * Whether a decoder can start at a temporal unit: a sequence header, and behind it a keyframe
   * that is shown (AV1 section 7.5). False for what is no temporal unit.
   */
  public static boolean isKeyframe(ByteBuffer unit) {
    try {
      boolean hasSequence = false;
      int at = unit.position();
      while (at < unit.limit()) {
        Obu each = at(unit, at);
        if (each.type == SEQUENCE_HEADER) {
          hasSequence = true;
        } else if (each.type == FRAME || each.type == FRAME_HEADER) {
          // show_existing_frame 0, frame_type 0, show_frame 1.
          return hasSequence
              && each.payloadBytes() > 0
              && (unit.get(each.payloadFrom) & 0xf0) == 0x10;
        }
        at = each.end;
      }
      return false;
    } catch (MalformedMedia e) {
      return false;
    }
  }

  private static MalformedMedia malformed(String problem, int at) {
    return new MalformedMedia(WHAT + " " + problem, at, WHAT);
  }
}
