package io.millrace.ingest.rtp.payload;

import io.millrace.ingest.rtp.packet.MalformedPacket;
import io.millrace.media.h264.H264Nal;
import java.nio.ByteBuffer;

/** Payloads of H.264 in packetization modes 0 and 1 (RFC 6184 sections 5.6 to 5.8). */
final class H264Format implements NalFormat {
  static final int STAP_A = 24;
  static final int FU_A = 28;
  static final int FU_START = 0x80;
  static final int FU_END = 0x40;
  private static final int TYPE = 0x1f;
  private static final int LAST_SINGLE = 23;

  @Override
  public int type(byte header) {
    return header & TYPE;
  }

  @Override
  public void read(ByteBuffer payload, FrameBuilder frame) throws MalformedPacket {
    if (!payload.hasRemaining()) {
      return;
    }
    int at = payload.position();
    int type = type(payload.get(at));
    if (type >= 1 && type <= LAST_SINGLE) {
      frame.unit(payload);
    } else if (type == STAP_A) {
      aggregate(payload, at + 1, frame);
    } else if (type == FU_A) {
      fragment(payload, at, frame);
    } else {
      throw new MalformedPacket("an H.264 payload of type %d".formatted(type));
    }
  }

  private static void aggregate(ByteBuffer payload, int from, FrameBuilder frame)
      throws MalformedPacket {
    int at = from;
    while (at < payload.limit()) {
      int length = at + 2 > payload.limit() ? -1 : payload.getShort(at) & 0xffff;
      at += 2;
      if (length < 0 || length > payload.limit() - at) {
        throw new MalformedPacket("a NAL unit beyond the end of its STAP-A");
      }
      frame.unit(payload.slice(at, length));
      at += length;
    }
  }

  private static void fragment(ByteBuffer payload, int at, FrameBuilder frame)
      throws MalformedPacket {
    if (payload.limit() - at < 3) {
      throw new MalformedPacket("an FU-A of %d bytes".formatted(payload.limit() - at));
    }
    int indicator = payload.get(at);
    int header = payload.get(at + 1);
    if ((header & FU_START) != 0) {
      frame.beginUnit();
      frame.append((indicator & 0xe0) | (header & TYPE));
    } else if (!frame.inUnit()) {
      throw new MalformedPacket("an FU-A without its beginning");
    }
    frame.append(payload.slice(at + 2, payload.limit() - at - 2));
    if ((header & FU_END) != 0) {
      frame.endUnit();
    }
  }

  /** Where the first NAL unit of a payload has its first byte behind the header; -1 without one. */
  private int first(ByteBuffer payload) {
    int at = payload.position();
    int size = payload.remaining();
    if (size == 0) {
      return -1;
    }
    return switch (type(payload.get(at))) {
      case STAP_A -> size > 4 ? at + 4 : -1;
      case FU_A -> size > 2 && (payload.get(at + 1) & FU_START) != 0 ? at + 2 : -1;
      default -> at + 1;
    };
  }

  @Override
  public int firstType(ByteBuffer payload) {
    int first = first(payload);
    if (first < 0) {
      return -1;
    }
    return type(payload.get(first - 1));
  }

  @Override
  public boolean beginsPicture(ByteBuffer payload) {
    int first = first(payload);
    if (first < 0) {
      return false;
    }
    int type = firstType(payload);
    boolean slice = type >= H264Nal.SLICE && type <= H264Nal.IDR_SLICE;
    // first_mb_in_slice is the first syntax element: zero is the single bit 1.
    return !slice || (first < payload.limit() && payload.get(first) < 0);
  }

  @Override
  public boolean isKeySlice(int type) {
    return type == H264Nal.IDR_SLICE;
  }
}
