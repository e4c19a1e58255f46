package io.millrace.tests.hostile;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** RTP and RTCP that nobody should send: broken heads, broken payloads of H.264 and H.265. */
final class RtpJunk {
  static final int PAYLOAD_TYPE = 96;
  private static final int VERSION_2 = 0x80;
  private static final int PADDING = 0x20;
  private static final int EXTENSION = 0x10;
  private static final int HEAD = 12;

  private final Junk junk;
  private final List<byte[]> truth;
  private final int source;
  private int sequence;
  private int timestamp;

  /**
   * @param truth packets of a real camera
   */
  RtpJunk(Junk junk, List<byte[]> truth) {
    this.junk = junk;
    this.truth = truth;
    source = junk.random().nextInt();
  }

  /** The packets of an interleaved recording, without their framing. */
  static List<byte[]> packets(List<byte[]> frames) {
    List<byte[]> packets = new ArrayList<>();
    for (byte[] frame : frames) {
      ByteBuffer in = ByteBuffer.wrap(frame);
      while (in.hasRemaining()) {
        byte[] packet = new byte[in.getInt() & 0xffff];
        in.get(packet);
        packets.add(packet);
      }
    }
    return packets;
  }

  /** An RTP packet that is wrong in one of many ways. */
  byte[] rtp() {
    return switch (junk.below(12)) {
      case 0 -> junk.bytes(junk.below(1500));
      case 1 -> java.util.Arrays.copyOf(head(0, 0), junk.below(HEAD));
      case 2 -> head(15, junk.below(60));
      case 3 -> withExtension();
      case 4 -> withPadding();
      case 5 -> payload(28, junk.below(256), junk.below(1200));
      case 6 -> aggregate(24, 1);
      case 7 -> aggregate(48 << 1, 2);
      case 8 -> payload(49 << 1, 1, junk.below(1200));
      case 9 -> farAway();
      default -> junk.mutated(truth.get(junk.below(truth.size())));
    };
  }

  private byte[] head(int flags, int more) {
    byte[] packet = junk.bytes(HEAD + more);
    sequence += junk.below(20) == 0 ? junk.below(8) : 1;
    timestamp += junk.below(3) * 1500;
    ByteBuffer.wrap(packet)
        .put((byte) (VERSION_2 | flags))
        .put((byte) (junk.below(2) << 7 | PAYLOAD_TYPE))
        .putShort((short) sequence)
        .putInt(timestamp)
        .putInt(junk.below(10) == 0 ? junk.random().nextInt() : source);
    return packet;
  }

  /** An extension that claims more words than there are. */
  private byte[] withExtension() {
    byte[] packet = head(EXTENSION, 4 + junk.below(100));
    ByteBuffer.wrap(packet).putShort(HEAD, (short) 0xbede).putShort(HEAD + 2, (short) 0xffff);
    return packet;
  }

  /** Padding longer than the packet, or none at all. */
  private byte[] withPadding() {
    byte[] packet = head(PADDING, 1 + junk.below(100));
    packet[packet.length - 1] = (byte) (junk.below(2) * 255);
    return packet;
  }

  /** Parts of a unit that never began or never ends, or of a kind that must not be. */
  private byte[] payload(int first, int second, int more) {
    byte[] packet = head(0, 2 + more);
    packet[HEAD] = (byte) (first | 0x60);
    packet[HEAD + 1] = (byte) second;
    return packet;
  }

  /** Units whose lengths reach beyond the end, or are nothing. */
  private byte[] aggregate(int first, int headBytes) {
    byte[] packet = head(0, headBytes + 2 + junk.below(200));
    packet[HEAD] = (byte) first;
    packet[HEAD + headBytes] = (byte) (junk.below(2) * 255);
    return packet;
  }

  private byte[] farAway() {
    sequence += 1 << 15;
    return head(0, junk.below(300));
  }

  /** An RTCP compound that is wrong in one of many ways. */
  byte[] rtcp() {
    byte[] packet = junk.bytes(4 * (1 + junk.below(20)));
    int kind = 192 + junk.below(32);
    packet[0] = (byte) (VERSION_2 | junk.below(64));
    packet[1] = (byte) (junk.below(3) == 0 ? 200 + junk.below(5) : kind);
    if (junk.below(3) > 0) {
      ByteBuffer.wrap(packet).putShort(2, (short) (packet.length / 4 - 1 + junk.below(2)));
    }
    return packet;
  }
}
