package io.millrace.ingest.rtp.packet;

import java.nio.ByteBuffer;

/**
 * An RTP packet (RFC 3550 section 5.1), padding and CSRC list taken off.
 *
 * @param marker marker bit
 * @param payloadType 0 to 127
 * @param sequence 0 to 65,535
 * @param timestamp 0 to 2^32 - 1
 * @param ssrc synchronization source
 * @param extensionProfile the 16 bits before the header extension, -1 without one
 * @param extension words of the header extension, empty without one; a read-only view
 * @param payload a read-only view into the bytes parsed
 */
public record RtpPacket(
    boolean marker,
    int payloadType,
    int sequence,
    long timestamp,
    int ssrc,
    int extensionProfile,
    ByteBuffer extension,
    ByteBuffer payload) {
  private static final int FIXED_BYTES = 12;
  private static final ByteBuffer NONE = ByteBuffer.allocate(0).asReadOnlyBuffer();

  /**
   * Reads a packet.
   *
   * @param bytes from position to limit; borrowed, viewed and left as it was
   * @throws MalformedPacket if it is not version 2, or its parts do not fit into it
   */
  public static RtpPacket parse(ByteBuffer bytes) throws MalformedPacket {
    int start = bytes.position();
    int end = bytes.limit();
    if (end - start < FIXED_BYTES) {
      throw new MalformedPacket("an RTP packet of " + (end - start) + " bytes");
    }
    int first = bytes.get(start) & 0xff;
    if (first >>> 6 != 2) {
      throw new MalformedPacket("RTP version " + (first >>> 6));
    }
    int second = bytes.get(start + 1) & 0xff;
    int at = start + FIXED_BYTES + 4 * (first & 0x0f);
    int profile = -1;
    ByteBuffer extension = NONE;
    if ((first & 0x10) != 0) {
      if (at + 4 > end) {
        throw new MalformedPacket("an RTP header extension beyond the packet's end");
      }
      profile = bytes.getShort(at) & 0xffff;
      int length = 4 * (bytes.getShort(at + 2) & 0xffff);
      at += 4;
      if (at + length > end) {
        throw new MalformedPacket("an RTP header extension of %d bytes".formatted(length));
      }
      extension = bytes.slice(at, length).asReadOnlyBuffer();
      at += length;
    }
    if ((first & 0x20) != 0) {
      int padding = bytes.get(end - 1) & 0xff;
      if (padding == 0 || at + padding > end) {
        throw new MalformedPacket("RTP padding of %d bytes".formatted(padding));
      }
      end -= padding;
    }
    if (at > end) {
      throw new MalformedPacket("an RTP header beyond the packet's end");
    }
    return new RtpPacket(
        (second & 0x80) != 0,
        second & 0x7f,
        bytes.getShort(start + 2) & 0xffff,
        bytes.getInt(start + 4) & 0xffffffffL,
        bytes.getInt(start + 8),
        profile,
        extension,
        bytes.slice(at, end - at).asReadOnlyBuffer());
  }

  /** The packet with a payload of its own, to be kept beyond the bytes parsed; no extension. */
  public RtpPacket kept() {
    ByteBuffer own = ByteBuffer.allocate(payload.remaining()).put(payload.duplicate()).flip();
    return new RtpPacket(
        marker, payloadType, sequence, timestamp, ssrc, -1, NONE, own.asReadOnlyBuffer());
  }
}
