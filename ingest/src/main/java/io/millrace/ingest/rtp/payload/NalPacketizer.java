package io.millrace.ingest.rtp.payload;

import io.millrace.ingest.rtp.payload.layout.H264Layout;
import io.millrace.ingest.rtp.payload.layout.H265Layout;
import java.nio.ByteBuffer;

/**
 * Cuts frames of H.264 (RFC 6184, packetization mode 1) and H.265 (RFC 7798): small NAL units that
 * follow each other share a payload, large ones are cut into pieces.
 */
final class NalPacketizer implements Packetizer {
  private static final int LENGTH_BYTES = 4;
  private static final int SHORT_BYTES = 2;
  private static final int FU_START = 0x80;
  private static final int FU_END = 0x40;

  private final boolean h265;
  private final int headerBytes;
  private final byte[] scratch;
  private final ByteBuffer out;

  /** Bytes gathered in scratch for a payload of several units, 0 without any. */
  private int gathered;

  private int gatheredUnits;

  /**
   * @param maxPayloadBytes of one RTP payload
   */
  NalPacketizer(boolean h265, int maxPayloadBytes) {
    this.h265 = h265;
    headerBytes = h265 ? 2 : 1;
    scratch = new byte[maxPayloadBytes];
    out = ByteBuffer.wrap(scratch);
  }

  @Override
  public void frame(ByteBuffer frame, boolean keyframe, Sink sink) {
    int at = frame.position();
    int end = frame.limit();
    while (at + LENGTH_BYTES < end) {
      int length = Math.clamp(frame.getInt(at) & 0xffffffffL, 0, end - at - LENGTH_BYTES);
      at += LENGTH_BYTES;
      boolean last = at + length + LENGTH_BYTES >= end;
      if (length > 0) {
        unit(frame, at, length, last, sink);
      }
      at += length;
    }
    giveGathered(true, sink);
  }

  private void unit(ByteBuffer frame, int at, int length, boolean last, Sink sink) {
    if (gather(frame, at, length)) {
      return;
    }
    giveGathered(false, sink);
    if (gather(frame, at, length)) {
      return;
    }
    if (length <= scratch.length) {
      frame.get(at, scratch, 0, length);
      sink.payload(out.clear().limit(length), last);
    } else {
      pieces(frame, at, length, last, sink);
    }
  }

  private boolean gather(ByteBuffer frame, int at, int length) {
    int from = gathered == 0 ? headerBytes : gathered;
    if (from + SHORT_BYTES + length > scratch.length || length > 0xffff || length < headerBytes) {
      return false;
    }
    header(frame.get(at), h265 ? frame.get(at + 1) : 0);
    scratch[from] = (byte) (length >> 8);
    scratch[from + 1] = (byte) length;
    frame.get(at, scratch, from + SHORT_BYTES, length);
    gathered = from + SHORT_BYTES + length;
    gatheredUnits++;
    return true;
  }

  /** Header of an aggregation: the strictest of its units. */
  private void header(byte first, byte second) {
    boolean alone = gathered == 0;
    if (h265) {
      int forbidden = (first | (alone ? 0 : scratch[0])) & 0x80;
      int before = alone ? 0x1ff : (scratch[0] & 1) << 8 | (scratch[1] & 0xff);
      int now = (first & 1) << 8 | (second & 0xff);
      int layer = Math.min(before >> 3, now >> 3);
      int temporal = Math.min(before & 7, now & 7);
      scratch[0] = (byte) (forbidden | (H265Layout.AP << 1) | (layer >> 5));
      scratch[1] = (byte) (((layer & 0x1f) << 3) | temporal);
    } else {
      int forbidden = (first | (alone ? 0 : scratch[0])) & 0x80;
      int importance = Math.max(first & 0x60, alone ? 0 : scratch[0] & 0x60);
      scratch[0] = (byte) (forbidden | importance | H264Layout.STAP_A);
    }
  }

  private void giveGathered(boolean marker, Sink sink) {
    if (gathered == 0) {
      return;
    }
    int from = gatheredUnits == 1 ? headerBytes + SHORT_BYTES : 0;
    int to = gathered;
    gathered = 0;
    gatheredUnits = 0;
    sink.payload(out.clear().position(from).limit(to).slice(), marker);
  }

  private void pieces(ByteBuffer frame, int from, int length, boolean last, Sink sink) {
    int room = scratch.length - headerBytes - 1;
    int end = from + length;
    for (int at = from + headerBytes; at < end; at += room) {
      int size = Math.min(room, end - at);
      int flags = (at == from + headerBytes ? FU_START : 0) | (at + size == end ? FU_END : 0);
      byte first = frame.get(from);
      if (h265) {
        scratch[0] = (byte) ((first & 0x81) | (H265Layout.FU << 1));
        scratch[1] = frame.get(from + 1);
        scratch[2] = (byte) (flags | ((first >> 1) & 0x3f));
      } else {
        scratch[0] = (byte) ((first & 0xe0) | H264Layout.FU_A);
        scratch[1] = (byte) (flags | (first & 0x1f));
      }
      frame.get(at, scratch, headerBytes + 1, size);
      sink.payload(out.clear().limit(headerBytes + 1 + size), last && at + size == end);
    }
  }
}
