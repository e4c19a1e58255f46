package io.millrace.ingest.rtp.payload;

import io.millrace.ingest.rtp.packet.RtpPacket;
import java.nio.ByteBuffer;

/**
 * Codecs whose payload is the frame: Opus (RFC 7587 section 4.2), G.711 (RFC 3551 section 4.5.14).
 */
final class PlainDepacketizer implements Depacketizer {
  @Override
  public void packet(RtpPacket packet, long timestamp, boolean afterLoss, Sink sink) {
    ByteBuffer payload = packet.payload();
    if (payload.hasRemaining()) {
      byte[] copy = new byte[payload.remaining()];
      payload.get(payload.position(), copy);
      sink.unit(new AccessUnit(timestamp, true, ByteBuffer.wrap(copy)));
    }
  }

  @Override
  public void flush(Sink sink) {}
}
