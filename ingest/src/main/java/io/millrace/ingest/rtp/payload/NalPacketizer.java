package io.millrace.ingest.rtp.payload;

import java.nio.ByteBuffer;

/**
 * Cuts frames of H.264 (RFC 6184: single NAL units and FU-A) and H.265 (RFC 7798: single NAL units
 * and FU).
 */
final class NalPacketizer implements Packetizer {
  private static final int LENGTH_BYTES = 4;

  private final boolean h265;
  private final int maxPayloadBytes;
  private final byte[] scratch;

  /**
   * @param maxPayloadBytes of one RTP payload, at least 16
   */
  NalPacketizer(boolean h265, int maxPayloadBytes) {
    this.h265 = h265;
    this.maxPayloadBytes = maxPayloadBytes;
    scratch = new byte[maxPayloadBytes];
  }

  @Override
  public void frame(ByteBuffer frame, boolean keyframe, Sink sink) {
    int at = frame.position();
    int end = frame.limit();
    while (at + LENGTH_BYTES <= end) {
      int length = Math.clamp(frame.getInt(at) & 0xffffffffL, 0, end - at - LENGTH_BYTES);
      at += LENGTH_BYTES;
      if (length > 0) {
        unit(frame.slice(at, length), at + length + LENGTH_BYTES > end, sink);
      }
      at += length;
    }
  }

  private void unit(ByteBuffer unit, boolean last, Sink sink) {
    if (unit.remaining() <= maxPayloadBytes) {
      sink.payload(unit, last);
      return;
    }
    int headerBytes = h265 ? 2 : 1;
    int room = maxPayloadBytes - headerBytes - 1;
    int end = unit.limit();
    for (int at = headerBytes; at < end; at += room) {
      int size = Math.min(room, end - at);
      int flags = (at == headerBytes ? 0x80 : 0) | (at + size == end ? 0x40 : 0);
      if (h265) {
        scratch[0] = (byte) ((unit.get(0) & 0x81) | (H265Format.FU << 1));
        scratch[1] = unit.get(1);
        scratch[2] = (byte) (flags | ((unit.get(0) >> 1) & 0x3f));
      } else {
        scratch[0] = (byte) ((unit.get(0) & 0xe0) | H264Format.FU_A);
        scratch[1] = (byte) (flags | (unit.get(0) & 0x1f));
      }
      unit.get(at, scratch, headerBytes + 1, size);
      sink.payload(ByteBuffer.wrap(scratch, 0, headerBytes + 1 + size), last && at + size == end);
    }
  }
}
