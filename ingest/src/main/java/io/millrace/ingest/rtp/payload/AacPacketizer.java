package io.millrace.ingest.rtp.payload;

import java.nio.ByteBuffer;

/** AAC-hbr of RFC 3640 with one frame, or a part of one, in each packet. */
final class AacPacketizer implements Packetizer {
  private static final int HEADER_BYTES = 4;

  private final byte[] scratch;

  AacPacketizer(int maxPayloadBytes) {
    scratch = new byte[maxPayloadBytes];
  }

  @Override
  public void frame(ByteBuffer frame, boolean keyframe, Sink sink) {
    int total = frame.remaining();
    int room = scratch.length - HEADER_BYTES;
    for (int at = 0; at < total; at += room) {
      int size = Math.min(room, total - at);
      scratch[0] = 0;
      scratch[1] = 16;
      scratch[2] = (byte) (total >> 5);
      scratch[3] = (byte) (total << 3);
      frame.get(frame.position() + at, scratch, HEADER_BYTES, size);
      sink.payload(ByteBuffer.wrap(scratch, 0, HEADER_BYTES + size), at + size == total);
    }
  }
}
