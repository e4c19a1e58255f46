package io.millrace.ingest.rtp.payload;

import io.millrace.ingest.rtp.payload.layout.Vp8Layout;
import io.millrace.ingest.rtp.payload.layout.Vp9Layout;
import java.nio.ByteBuffer;

/**
 * Cuts frames of VP8 (RFC 7741) and VP9 (RFC 9628) into pieces, each behind the shortest descriptor
 * there is: one layer, references not told.
 */
final class FramePacketizer implements Packetizer {
  private final boolean vp9;
  private final byte[] scratch;
  private final ByteBuffer out;

  /**
   * @param maxPayloadBytes of one RTP payload
   */
  FramePacketizer(boolean vp9, int maxPayloadBytes) {
    this.vp9 = vp9;
    scratch = new byte[maxPayloadBytes];
    out = ByteBuffer.wrap(scratch);
  }

  @Override
  public void frame(ByteBuffer frame, boolean keyframe, Sink sink) {
    int room = scratch.length - 1;
    for (int at = frame.position(); at < frame.limit(); at += room) {
      int size = Math.min(room, frame.limit() - at);
      boolean first = at == frame.position();
      boolean last = at + size == frame.limit();
      int descriptor;
      if (vp9) {
        descriptor =
            (keyframe ? 0 : Vp9Layout.PREDICTED)
                | (first ? Vp9Layout.BEGIN : 0)
                | (last ? Vp9Layout.END : 0);
      } else {
        descriptor = first ? Vp8Layout.START : 0;
      }
      scratch[0] = (byte) descriptor;
      frame.get(at, scratch, 1, size);
      sink.payload(out.clear().limit(1 + size), last);
    }
  }
}
