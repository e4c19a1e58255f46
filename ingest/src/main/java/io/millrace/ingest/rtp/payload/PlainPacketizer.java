package io.millrace.ingest.rtp.payload;

import java.nio.ByteBuffer;

/** One payload a frame, for Opus and G.711. */
final class PlainPacketizer implements Packetizer {
  @Override
  public void frame(ByteBuffer frame, boolean keyframe, Sink sink) {
    // The marker begins a talkspurt (RFC 3551 section 4.1); sound here never stops.
    sink.payload(frame.slice(), false);
  }
}
