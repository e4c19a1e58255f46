package io.millrace.ingest.rtp.payload.layout;

import io.millrace.ingest.rtp.packet.MalformedPacket;
import io.millrace.media.h265.H265Nal;
import java.nio.ByteBuffer;

/**
 * Payloads of H.265 (RFC 7798 section 4.4). Decoding order numbers are read over: units come in
 * decoding order from whoever sends no more than one stream.
 */
public final class H265Layout implements NalLayout {
  /** Several NAL units in a payload. */
  public static final int AP = 48;

  /** A piece of a NAL unit. */
  public static final int FU = 49;

  static final int FU_START = 0x80;
  static final int FU_END = 0x40;
  private static final int FU_TYPE = 0x3f;
  private static final int LAST_SINGLE = 47;
  private static final int LAST_SLICE = 31;
  private static final int DELIMITER = 35;
  private static final int PREFIX_SEI = 39;
  private static final int HEADER = H265Nal.HEADER_BYTES;

  private final int donlBytes;
  private final int dondBytes;

  /**
   * @param withDonl whether decoding order numbers stand in the payloads (sprop-max-don-diff > 0)
   */
  public H265Layout(boolean withDonl) {
    donlBytes = withDonl ? 2 : 0;
    dondBytes = withDonl ? 1 : 0;
  }

  private static int type(byte header) {
    return header >> 1 & 0x3f;
  }

  @Override
  public void read(ByteBuffer payload, FrameBuilder frame) throws MalformedPacket {
    int size = payload.remaining();
    int at = payload.position();
    int type = type(payload.get(at));
    if (size <= HEADER + (type <= LAST_SINGLE ? donlBytes : 0)) {
      throw new MalformedPacket("it has an H.265 payload of %d bytes".formatted(size));
    }
    if (type <= LAST_SINGLE) {
      single(payload, at, frame);
    } else if (type == AP) {
      aggregate(payload, at + HEADER, frame);
    } else if (type == FU) {
      fragment(payload, at, frame);
    } else {
      throw new MalformedPacket("it has an H.265 payload of type %d".formatted(type));
    }
  }

  private void single(ByteBuffer payload, int at, FrameBuilder frame) {
    frame.beginUnit();
    frame.append(payload, at, HEADER);
    int rest = at + HEADER + donlBytes;
    frame.append(payload, rest, payload.limit() - rest);
    frame.endUnit();
  }

  private void aggregate(ByteBuffer payload, int from, FrameBuilder frame) throws MalformedPacket {
    int at = from + donlBytes;
    while (at < payload.limit()) {
      int length = at + 2 > payload.limit() ? -1 : payload.getShort(at) & 0xffff;
      at += 2;
      if (length < 0 || length > payload.limit() - at) {
        throw new MalformedPacket("it has a NAL unit beyond the end of its AP");
      }
      frame.unit(payload, at, length);
      at += length + dondBytes;
    }
  }

  private void fragment(ByteBuffer payload, int at, FrameBuilder frame) throws MalformedPacket {
    int header = payload.get(at + HEADER);
    boolean start = (header & FU_START) != 0;
    int piece = at + HEADER + 1 + (start ? donlBytes : 0);
    if (piece > payload.limit()) {
      throw new MalformedPacket("it has an FU of %d bytes".formatted(payload.limit() - at));
    }
    if (start) {
      frame.beginUnit();
      frame.append((payload.get(at) & 0x81) | (header & FU_TYPE) << 1);
      frame.append(payload.get(at + 1));
    } else if (!frame.inUnit()) {
      throw new MalformedPacket("the beginning of a NAL unit never came");
    }
    frame.append(payload, piece, payload.limit() - piece);
    if ((header & FU_END) != 0) {
      frame.endUnit();
    }
  }

  /** Type of the NAL unit that a payload begins; -1 where it goes on with one. */
  private int firstType(ByteBuffer payload) {
    int at = payload.position();
    if (payload.remaining() <= HEADER) {
      return -1;
    }
    int type = type(payload.get(at));
    if (type == FU) {
      int header = payload.get(at + HEADER);
      return (header & FU_START) == 0 ? -1 : header & FU_TYPE;
    }
    if (type == AP) {
      int unit = at + HEADER + donlBytes + 2;
      return unit < payload.limit() ? type(payload.get(unit)) : -1;
    }
    return type;
  }

  @Override
  public int rank(ByteBuffer payload) {
    int type = firstType(payload);
    // Order of section 7.4.2.4.4 of the codec.
    return switch (type) {
      case -1 -> -1;
      case DELIMITER -> 0;
      case H265Nal.VPS -> 1;
      case H265Nal.SPS -> 2;
      case H265Nal.PPS -> 3;
      case PREFIX_SEI -> 4;
      default -> type <= LAST_SLICE ? SLICE_RANK : SLICE_RANK - 1;
    };
  }

  @Override
  public boolean beginsPicture(ByteBuffer payload) {
    int type = firstType(payload);
    if (type < 0 || type > LAST_SLICE) {
      return type > LAST_SLICE;
    }
    int at = payload.position() + HEADER + donlBytes;
    int slice =
        switch (type(payload.get(payload.position()))) {
          case FU -> at + 1;
          case AP -> at + 2 + HEADER;
          default -> at;
        };
    // first_slice_segment_in_pic_flag is the first bit behind the NAL unit header.
    return slice < payload.limit() && payload.get(slice) < 0;
  }

  @Override
  public int contents(ByteBuffer bytes, int from, int length) {
    int type = type(bytes.get(from));
    if (type > LAST_SLICE) {
      return 0;
    }
    return type >= H265Nal.BLA_W_LP && type <= H265Nal.RSV_IRAP_VCL23 ? SLICE | KEY : SLICE;
  }
}
