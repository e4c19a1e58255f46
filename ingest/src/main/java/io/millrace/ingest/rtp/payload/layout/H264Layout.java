package io.millrace.ingest.rtp.payload.layout;

import io.millrace.ingest.rtp.packet.MalformedPacket;
import io.millrace.media.h264.H264Nal;
import java.nio.ByteBuffer;

/** Payloads of H.264 in packetization modes 0 and 1 (RFC 6184 sections 5.6 to 5.8). */
public final class H264Layout implements NalLayout {
  /** Several NAL units in a payload. */
  public static final int STAP_A = 24;

  /** A piece of a NAL unit. */
  public static final int FU_A = 28;

  static final int FU_START = 0x80;
  static final int FU_END = 0x40;
  private static final int TYPE = 0x1f;
  private static final int LAST_SINGLE = 23;
  private static final int RECOVERY_POINT = 6;

  @Override
  public void read(ByteBuffer payload, FrameBuilder frame) throws MalformedPacket {
    int at = payload.position();
    int type = payload.get(at) & TYPE;
    if (type >= H264Nal.SLICE && type <= LAST_SINGLE) {
      frame.unit(payload, at, payload.remaining());
    } else if (type == STAP_A) {
      aggregate(payload, at + 1, frame);
    } else if (type == FU_A) {
      fragment(payload, at, frame);
    } else {
      throw new MalformedPacket("it has an H.264 payload of type %d".formatted(type));
    }
  }

  private static void aggregate(ByteBuffer payload, int from, FrameBuilder frame)
      throws MalformedPacket {
    int at = from;
    while (at < payload.limit()) {
      int length = at + 2 > payload.limit() ? -1 : payload.getShort(at) & 0xffff;
      at += 2;
      if (length < 0 || length > payload.limit() - at) {
        throw new MalformedPacket("it has a NAL unit beyond the end of its STAP-A");
      }
      frame.unit(payload, at, length);
      at += length;
    }
  }

  private static void fragment(ByteBuffer payload, int at, FrameBuilder frame)
      throws MalformedPacket {
    int pieceBytes = payload.limit() - at - 2;
    if (pieceBytes < 0) {
      throw new MalformedPacket("it has an FU-A of 1 byte");
    }
    int indicator = payload.get(at);
    int header = payload.get(at + 1);
    if ((header & FU_START) != 0) {
      frame.beginUnit();
      frame.append((indicator & 0xe0) | (header & TYPE));
    } else if (!frame.inUnit()) {
      throw new MalformedPacket("the beginning of a NAL unit never came");
    }
    frame.append(payload, at + 2, pieceBytes);
    if ((header & FU_END) != 0) {
      frame.endUnit();
    }
  }

  /** Index of the header of the first NAL unit; of the FU header in a first piece; -1: neither. */
  private static int first(ByteBuffer payload) {
    int at = payload.position();
    int size = payload.remaining();
    return switch (payload.get(at) & TYPE) {
      case STAP_A -> size > 3 ? at + 3 : -1;
      case FU_A -> size > 1 && (payload.get(at + 1) & FU_START) != 0 ? at + 1 : -1;
      default -> at;
    };
  }

  @Override
  public int rank(ByteBuffer payload) {
    int first = first(payload);
    if (first < 0) {
      return -1;
    }
    int type = payload.get(first) & TYPE;
    // Order of section 7.4.1.2.3 of the codec.
    return switch (type) {
      case H264Nal.ACCESS_UNIT_DELIMITER -> 0;
      case H264Nal.SPS -> 1;
      case H264Nal.PPS -> 2;
      case H264Nal.SEI -> 3;
      default -> isSlice(type) ? SLICE_RANK : SLICE_RANK - 1;
    };
  }

  @Override
  public boolean beginsPicture(ByteBuffer payload) {
    int first = first(payload);
    if (first < 0) {
      return false;
    }
    // first_mb_in_slice is the first syntax element: zero is the single bit 1.
    return !isSlice(payload.get(first) & TYPE)
        || (first + 1 < payload.limit() && payload.get(first + 1) < 0);
  }

  private static boolean isSlice(int type) {
    return type >= H264Nal.SLICE && type <= H264Nal.IDR_SLICE;
  }

  @Override
  public int contents(ByteBuffer bytes, int from, int length) {
    int type = bytes.get(from) & TYPE;
    if (type == H264Nal.IDR_SLICE) {
      return SLICE | KEY;
    }
    // recovery_frame_cnt of zero, the single bit 1: an open GOP begins here.
    if (type == H264Nal.SEI
        && length > 3
        && bytes.get(from + 1) == RECOVERY_POINT
        && bytes.get(from + 3) < 0) {
      return KEY;
    }
    return isSlice(type) ? SLICE | (length > 1 && isIntra(bytes.get(from + 1)) ? INTRA : 0) : 0;
  }

  /**
   * Whether the first slice of a picture is an I slice: first_mb_in_slice 0 is the bit 1,
   * slice_type 2 the bits 011, slice_type 7 the bits 0001000.
   */
  private static boolean isIntra(byte sliceHeader) {
    return (sliceHeader & 0xf0) == 0xb0 || (sliceHeader & 0xff) == 0x88;
  }
}
