package io.millrace.ingest.rtp.payload;

import io.millrace.ingest.rtp.packet.RtpPacket;
import java.nio.ByteBuffer;

/**
 * Codecs whose payload is the frame: Opus (RFC 7587 section 4.2), G.711 (RFC 3551 section 4.5.14).
 */
final class PlainDepacketizer implements Depacketizer {
  private final int maxFrameBytes;

  PlainDepacketizer(DepacketizerSettings settings) {
    maxFrameBytes = settings.maxFrameBytes();
  }

  @Override
  public void packet(RtpPacket packet, long timestamp, boolean afterLoss, Sink sink) {
    ByteBuffer payload = packet.payload();
    int size = payload.remaining();
    if (size > maxFrameBytes) {
      sink.dropped(timestamp, "it has more than %d bytes".formatted(maxFrameBytes));
    } else if (size > 0) {
      sink.unit(new AccessUnit(timestamp, true, copy(payload, payload.position(), size)));
    }
  }

  /** A frame of its own. */
  static ByteBuffer copy(ByteBuffer bytes, int from, int count) {
    byte[] copy = new byte[count];
    bytes.get(from, copy);
    return ByteBuffer.wrap(copy);
  }

  @Override
  public void flush(Sink sink) {}
}
