package io.millrace.ingest.rtp.payload;

import io.millrace.ingest.rtp.packet.RtpPacket;
import java.nio.ByteBuffer;

/**
 * AAC in the modes AAC-hbr and AAC-lbr of RFC 3640: several frames a packet, or one frame over
 * several. Interleaving is not taken apart.
 */
final class AacDepacketizer implements Depacketizer {
  private final int sizeBits;
  private final int indexBits;
  private final int indexDeltaBits;
  private final int frameSamples;
  private final FrameBuilder frame;
  private final int maxFrameBytes;
  private boolean open;
  private long timestamp;
  private int wantedBytes;

  /**
   * @param sizeBits width of AU-size
   * @param indexBits width of AU-Index
   * @param indexDeltaBits width of AU-Index-delta
   * @param frameSamples RTP ticks of one frame
   */
  AacDepacketizer(
      int sizeBits,
      int indexBits,
      int indexDeltaBits,
      int frameSamples,
      DepacketizerSettings settings) {
    this.sizeBits = sizeBits;
    this.indexBits = indexBits;
    this.indexDeltaBits = indexDeltaBits;
    this.frameSamples = frameSamples;
    this.maxFrameBytes = settings.maxFrameBytes();
    frame = new FrameBuilder(settings);
  }

  @Override
  public void packet(RtpPacket packet, long unwrapped, boolean afterLoss, Sink sink) {
    if (open && (afterLoss || unwrapped != timestamp)) {
      open = false;
      sink.dropped(timestamp, "packets of it never came");
    }
    ByteBuffer payload = packet.payload();
    if (payload.remaining() < 2) {
      return;
    }
    int start = payload.position();
    int headerBits = payload.getShort(start) & 0xffff;
    int data = start + 2 + (headerBits + 7) / 8;
    if (data > payload.limit() || headerBits < sizeBits + indexBits) {
      sink.dropped(unwrapped, "AU headers of %d bits".formatted(headerBits));
      return;
    }
    Bits headers = new Bits(payload, start + 2);
    int left = headerBits;
    long at = unwrapped;
    for (boolean first = true; left >= sizeBits + (first ? indexBits : indexDeltaBits); ) {
      int size = headers.take(sizeBits);
      int delta = headers.take(first ? indexBits : indexDeltaBits);
      left -= sizeBits + (first ? indexBits : indexDeltaBits);
      at += first ? 0 : (long) frameSamples * (1 + delta);
      first = false;
      int there = payload.limit() - data;
      if (size > there) {
        fragment(payload.slice(data, there), size, at, sink);
        return;
      }
      if (open) {
        fragment(payload.slice(data, size), size, at, sink);
      } else if (size > 0) {
        sink.unit(new AccessUnit(at, true, copy(payload.slice(data, size))));
      }
      data += size;
    }
  }

  private void fragment(ByteBuffer part, int size, long at, Sink sink) {
    if (!open) {
      if (size > maxFrameBytes) {
        sink.dropped(at, "a frame of %d bytes".formatted(size));
        return;
      }
      open = true;
      timestamp = at;
      wantedBytes = size;
      frame.reset();
    }
    frame.append(part);
    if (frame.size() >= wantedBytes || frame.fault() != null) {
      open = false;
      String fault = frame.size() > wantedBytes ? "more bytes than announced" : frame.fault();
      if (fault == null) {
        sink.unit(new AccessUnit(timestamp, true, frame.take()));
      } else {
        sink.dropped(timestamp, fault);
      }
    }
  }

  private static ByteBuffer copy(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return ByteBuffer.wrap(copy);
  }

  @Override
  public void flush(Sink sink) {
    if (open) {
      open = false;
      sink.dropped(timestamp, "the source ended within it");
    }
  }

  /** Reads numbers of some bits. */
  private static final class Bits {
    private final ByteBuffer bytes;
    private long at;

    Bits(ByteBuffer bytes, int fromByte) {
      this.bytes = bytes;
      this.at = 8L * fromByte;
    }

    int take(int count) {
      int value = 0;
      for (int i = 0; i < count; i++, at++) {
        value = (value << 1) | ((bytes.get((int) (at >> 3)) >> (7 - (at & 7))) & 1);
      }
      return value;
    }
  }
}
