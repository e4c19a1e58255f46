package io.millrace.ingest.rtp.payload;

import io.millrace.ingest.rtp.packet.RtpPacket;
import io.millrace.ingest.rtp.payload.layout.FrameBuilder;
import java.nio.ByteBuffer;

/**
 * AAC in the modes AAC-hbr and AAC-lbr of RFC 3640: several frames a packet, or one frame over
 * several.
 */
final class AacDepacketizer implements Depacketizer {
  /**
   * How AU headers are laid out.
   *
   * @param sizeBits width of AU-size, 1 to 31
   * @param indexBits width of AU-Index
   * @param indexDeltaBits width of AU-Index-delta
   */
  record Headers(int sizeBits, int indexBits, int indexDeltaBits) {}

  private static final int LENGTH_BYTES = 2;

  private final Headers headers;
  private final int frameTicks;
  private final FrameBuilder frame;
  private final int maxFrameBytes;
  private boolean open;
  private long timestamp;
  private int wantedBytes;

  /**
   * @param frameTicks RTP ticks of one frame
   */
  AacDepacketizer(Headers headers, int frameTicks, DepacketizerSettings settings) {
    this.headers = headers;
    this.frameTicks = frameTicks;
    maxFrameBytes = settings.maxFrameBytes();
    frame = new FrameBuilder(maxFrameBytes, settings.maxUnits());
  }

  @Override
  public void packet(RtpPacket packet, long unwrapped, boolean afterLoss, Sink sink) {
    ByteBuffer payload = packet.payload();
    if (open && (afterLoss || unwrapped != timestamp)) {
      giveUp("packets of it never came", sink);
    }
    if (!payload.hasRemaining()) {
      return;
    }
    int start = payload.position();
    int headerBits = payload.remaining() < LENGTH_BYTES ? 0 : payload.getShort(start) & 0xffff;
    int data = start + LENGTH_BYTES + (headerBits + 7) / 8;
    if (data > payload.limit() || headerBits < headers.sizeBits() + headers.indexBits()) {
      giveUp("its end never came", sink);
      sink.dropped(unwrapped, "it has AU headers of %d bits".formatted(headerBits));
      return;
    }
    units(packet, headerBits, data, unwrapped, sink);
  }

  private void units(RtpPacket packet, int headerBits, int from, long unwrapped, Sink sink) {
    ByteBuffer payload = packet.payload();
    long bit = 8L * (payload.position() + LENGTH_BYTES);
    long endBit = bit + headerBits;
    int data = from;
    long at = unwrapped;
    int indexBits = headers.indexBits();
    boolean first = true;
    while (bit + headers.sizeBits() + indexBits <= endBit) {
      int size = bits(payload, bit, headers.sizeBits());
      int delta = bits(payload, bit + headers.sizeBits(), indexBits);
      bit += headers.sizeBits() + indexBits;
      indexBits = headers.indexDeltaBits();
      at += first ? 0 : frameTicks * (1L + delta);
      first = false;
      if (size > payload.limit() - data) {
        piece(packet, data, size, at, sink);
        return;
      }
      giveUp("its end never came", sink);
      if (size > maxFrameBytes) {
        sink.dropped(at, "it has more than %d bytes".formatted(maxFrameBytes));
      } else if (size > 0) {
        sink.unit(new AccessUnit(at, true, PlainDepacketizer.copy(payload, data, size)));
      }
      data += size;
    }
  }

  /** A frame that does not fit into its packet: every piece tells the size of the whole. */
  private void piece(RtpPacket packet, int from, int size, long at, Sink sink) {
    if (open && (size != wantedBytes || at != timestamp)) {
      giveUp("its end never came", sink);
    }
    if (!open) {
      open = true;
      timestamp = at;
      wantedBytes = size;
      frame.reset();
    }
    frame.append(packet.payload(), from, packet.payload().limit() - from);
    if (frame.fault() == null && frame.size() == wantedBytes) {
      open = false;
      sink.unit(new AccessUnit(timestamp, true, frame.view()));
    } else if (frame.size() > wantedBytes) {
      giveUp("it has more bytes than announced", sink);
    } else if (packet.marker()) {
      giveUp("it has fewer bytes than announced", sink);
    }
  }

  private void giveUp(String why, Sink sink) {
    if (open) {
      open = false;
      String fault = frame.fault();
      sink.dropped(timestamp, fault == null ? why : fault);
    }
  }

  @Override
  public void flush(Sink sink) {
    giveUp("the source ended within it", sink);
  }

  /** A number of {@code count} bits; bits beyond the limit are never asked for. */
  private static int bits(ByteBuffer bytes, long from, int count) {
    int value = 0;
    for (long at = from; at < from + count; at++) {
      value = value << 1 | (bytes.get((int) (at >> 3)) >> (7 - (at & 7)) & 1);
    }
    return value;
  }
}
