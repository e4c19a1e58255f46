package io.millrace.ingest.rtp.payload;

import java.nio.ByteBuffer;

/** One payload a frame, for Opus and G.711. */
final class PlainPacketizer implements Packetizer {
  @Override
  public void frame(ByteBuffer frame, boolean keyframe, Sink sink) {
    sink.payload(frame.slice(), false);
  }
}
