package io.millrace.ingest.rtp.payload;

import java.nio.ByteBuffer;

/** AAC-hbr of RFC 3640 with one frame, or a piece of one, in each packet. */
final class AacPacketizer implements Packetizer {
  private static final int HEADER_BYTES = 4;
  private static final int AU_HEADER_BITS = 16;

  /** Largest frame that AU-size of 13 bits can tell. */
  private static final int MAX_FRAME_BYTES = (1 << 13) - 1;

  private final byte[] scratch;
  private final ByteBuffer out;

  AacPacketizer(int maxPayloadBytes) {
    scratch = new byte[maxPayloadBytes];
    out = ByteBuffer.wrap(scratch);
  }

  @Override
  public void frame(ByteBuffer frame, boolean keyframe, Sink sink) {
    int total = frame.remaining();
    if (total > MAX_FRAME_BYTES) {
      // A decoder takes at most 6144 bits a channel; this is no AAC.
      return;
    }
    int room = scratch.length - HEADER_BYTES;
    for (int at = 0; at < total; at += room) {
      int size = Math.min(room, total - at);
      scratch[0] = 0;
      scratch[1] = AU_HEADER_BITS;
      scratch[2] = (byte) (total >> 5);
      scratch[3] = (byte) (total << 3);
      frame.get(frame.position() + at, scratch, HEADER_BYTES, size);
      sink.payload(out.clear().limit(HEADER_BYTES + size), at + size == total);
    }
  }
}
