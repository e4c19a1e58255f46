package io.millrace.ingest.rtp.packet;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Finds elements of RTP header extensions, in both forms (RFC 8285). */
public final class ExtensionElement {
  private static final int ONE_BYTE = 0xbede;
  private static final int TWO_BYTES = 0x1000;
  private static final int TWO_BYTES_MASK = 0xfff0;
  private static final int STOP = 15;

  private ExtensionElement() {}

  /** The element of a number; null when the packet has none. */
  public static @Nullable ByteBuffer find(RtpPacket packet, int number) {
    boolean oneByte = packet.extensionProfile() == ONE_BYTE;
    if (!oneByte && (packet.extensionProfile() & TWO_BYTES_MASK) != TWO_BYTES) {
      return null;
    }
    ByteBuffer in = packet.extension();
    int at = in.position();
    while (at < in.limit()) {
      int head = in.get(at++) & 0xff;
      if (head == 0) {
        continue;
      }
      int id = oneByte ? head >>> 4 : head;
      if (!oneByte && at >= in.limit()) {
        return null;
      }
      int length = oneByte ? (head & 0x0f) + 1 : in.get(at++) & 0xff;
      if ((oneByte && id == STOP) || at + length > in.limit()) {
        return null;
      }
      if (id == number) {
        return in.slice(at, length);
      }
      at += length;
    }
    return null;
  }

  /** The element as a 16-bit number; -1 when the packet has none. */
  public static int uint16(RtpPacket packet, int number) {
    ByteBuffer element = find(packet, number);
    return element == null || element.remaining() < 2 ? -1 : element.getShort(0) & 0xffff;
  }

  /** The element as text; empty when the packet has none. */
  public static String text(RtpPacket packet, int number) {
    ByteBuffer element = find(packet, number);
    return element == null ? "" : StandardCharsets.US_ASCII.decode(element).toString();
  }
}
