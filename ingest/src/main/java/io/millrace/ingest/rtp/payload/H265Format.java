package io.millrace.ingest.rtp.payload;

import io.millrace.ingest.rtp.packet.MalformedPacket;
import io.millrace.media.h265.H265Nal;
import java.nio.ByteBuffer;

/** Payloads of H.265 (RFC 7798 section 4.4). */
final class H265Format implements NalFormat {
  static final int AP = 48;
  static final int FU = 49;
  static final int FU_START = 0x80;
  static final int FU_END = 0x40;
  private static final int LAST_SINGLE = 47;
  private static final int LAST_SLICE = 31;
  private static final int HEADER = 2;

  private final boolean withDonl;

  /**
   * @param withDonl whether decoding order numbers stand in the payloads (sprop-max-don-diff)
   */
  H265Format(boolean withDonl) {
    this.withDonl = withDonl;
  }

  @Override
  public int type(byte header) {
    return (header >> 1) & 0x3f;
  }

  @Override
  public void read(ByteBuffer payload, FrameBuilder frame) throws MalformedPacket {
    int size = payload.remaining();
    if (size == 0) {
      return;
    }
    if (size <= HEADER) {
      throw new MalformedPacket("an H.265 payload of %d bytes".formatted(size));
    }
    int at = payload.position();
    int type = type(payload.get(at));
    if (type <= LAST_SINGLE) {
      single(payload, at, frame);
    } else if (type == AP) {
      aggregate(payload, at + HEADER, frame);
    } else if (type == FU) {
      fragment(payload, at, frame);
    } else {
      throw new MalformedPacket("an H.265 payload of type %d".formatted(type));
    }
  }

  private void single(ByteBuffer payload, int at, FrameBuilder frame) throws MalformedPacket {
    if (!withDonl) {
      frame.unit(payload);
      return;
    }
    if (payload.remaining() < 2 * HEADER) {
      throw new MalformedPacket("an H.265 NAL unit without its order number");
    }
    frame.beginUnit();
    frame.append(payload.slice(at, HEADER));
    frame.append(payload.slice(at + 2 * HEADER, payload.limit() - at - 2 * HEADER));
    frame.endUnit();
  }

  private void aggregate(ByteBuffer payload, int from, FrameBuilder frame) throws MalformedPacket {
    int at = from;
    boolean first = true;
    while (at < payload.limit()) {
      at += withDonl ? (first ? 2 : 1) : 0;
      first = false;
      int length = at + 2 > payload.limit() ? -1 : payload.getShort(at) & 0xffff;
      at += 2;
      if (length < 0 || length > payload.limit() - at) {
        throw new MalformedPacket("a NAL unit beyond the end of its AP");
      }
      frame.unit(payload.slice(at, length));
      at += length;
    }
  }

  private void fragment(ByteBuffer payload, int at, FrameBuilder frame) throws MalformedPacket {
    int header = payload.get(at + HEADER);
    boolean start = (header & FU_START) != 0;
    int data = at + HEADER + 1 + (withDonl && start ? 2 : 0);
    if (data >= payload.limit()) {
      throw new MalformedPacket("an FU of %d bytes".formatted(payload.limit() - at));
    }
    if (start) {
      frame.beginUnit();
      frame.append((payload.get(at) & 0x81) | ((header & 0x3f) << 1));
      frame.append(payload.get(at + 1));
    } else if (!frame.inUnit()) {
      throw new MalformedPacket("an FU without its beginning");
    }
    frame.append(payload.slice(data, payload.limit() - data));
    if ((header & FU_END) != 0) {
      frame.endUnit();
    }
  }

  @Override
  public int firstType(ByteBuffer payload) {
    int at = payload.position();
    if (payload.remaining() <= HEADER) {
      return -1;
    }
    int type = type(payload.get(at));
    if (type == FU) {
      int header = payload.get(at + HEADER);
      return (header & FU_START) == 0 ? -1 : header & 0x3f;
    }
    if (type == AP) {
      int unit = at + HEADER + (withDonl ? 2 : 0) + 2;
      return unit < payload.limit() ? type(payload.get(unit)) : -1;
    }
    return type;
  }

  @Override
  public boolean beginsPicture(ByteBuffer payload) {
    int type = firstType(payload);
    if (type < 0) {
      return false;
    }
    if (type > LAST_SLICE) {
      return true;
    }
    int at = payload.position();
    int skip = withDonl ? 2 : 0;
    int slice =
        switch (type(payload.get(at))) {
          case FU -> at + HEADER + 1 + skip;
          case AP -> at + HEADER + skip + 2 + HEADER;
          default -> at + HEADER + skip;
        };
    // first_slice_segment_in_pic_flag is the first bit behind the NAL unit header.
    return slice < payload.limit() && payload.get(slice) < 0;
  }

  @Override
  public boolean isKeySlice(int type) {
    return type >= H265Nal.BLA_W_LP && type <= H265Nal.RSV_IRAP_VCL23;
  }
}
