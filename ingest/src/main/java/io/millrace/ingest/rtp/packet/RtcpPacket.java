package io.millrace.ingest.rtp.packet;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** One packet of an RTCP compound (RFC 3550 section 6, RFC 4585). */
public sealed interface RtcpPacket {
  /**
   * What a sender says of its clock and its packets.
   *
   * @param ssrc of the sender
   * @param ntp its clock, see {@link NtpTime}
   * @param rtpTimestamp the same moment on its RTP clock, 0 to 2^32 - 1
   * @param packets sent since the beginning, modulo 2^32
   * @param octets of payload likewise
   * @param reports about other sources
   */
  record SenderReport(
      int ssrc, long ntp, long rtpTimestamp, int packets, int octets, List<ReceptionReport> reports)
      implements RtcpPacket {}

  /**
   * What a receiver says of the sources it hears.
   *
   * @param ssrc of the receiver
   */
  record ReceiverReport(int ssrc, List<ReceptionReport> reports) implements RtcpPacket {}

  /** Sources leave. */
  record Bye(List<Integer> ssrcs) implements RtcpPacket {}

  /**
   * Feedback of a receiver.
   *
   * @param payloadType 205 for transport layer feedback, 206 for payload specific feedback
   * @param format the 5 bits that say which: 1 of 205 is NACK, 1 of 206 is PLI, 4 of 206 is FIR
   * @param sender SSRC of the receiver
   * @param media SSRC of the source
   * @param details what follows, a read-only view
   */
  record Feedback(int payloadType, int format, int sender, int media, ByteBuffer details)
      implements RtcpPacket {}

  /** Any other kind, source descriptions included. */
  record Other(int payloadType) implements RtcpPacket {}

  /** Payload types of RTCP that cannot be those of RTP beside it (RFC 5761 section 4). */
  static boolean isRtcp(ByteBuffer packet) {
    if (packet.remaining() < 2) {
      return false;
    }
    int type = packet.get(packet.position() + 1) & 0xff;
    return type >= 192 && type <= 223;
  }

  /**
   * Takes a compound apart.
   *
   * @param compound from position to limit; borrowed and left as it was
   * @throws MalformedPacket if a packet of it is beyond its end or not version 2
   */
  static List<RtcpPacket> parse(ByteBuffer compound) throws MalformedPacket {
    List<RtcpPacket> packets = new ArrayList<>(3);
    ByteBuffer in = compound.duplicate();
    while (in.remaining() >= 4) {
      int head = in.get(in.position()) & 0xff;
      int type = in.get(in.position() + 1) & 0xff;
      int length = 4 * (1 + (in.getShort(in.position() + 2) & 0xffff));
      if (head >>> 6 != 2 || length > in.remaining()) {
        throw new MalformedPacket("an RTCP packet of type %d and %d bytes".formatted(type, length));
      }
      ByteBuffer body = in.slice(in.position() + 4, length - 4);
      packets.add(read(type, head & 0x1f, body));
      in.position(in.position() + length);
    }
    return packets;
  }

  private static RtcpPacket read(int type, int count, ByteBuffer body) throws MalformedPacket {
    return switch (type) {
      case 200 -> {
        need(body, 24, type);
        int ssrc = body.getInt();
        long ntp = body.getLong();
        long timestamp = body.getInt() & 0xffff_ffffL;
        int sent = body.getInt();
        int octets = body.getInt();
        yield new SenderReport(ssrc, ntp, timestamp, sent, octets, reports(count, body));
      }
      case 201 -> {
        need(body, 4, type);
        int ssrc = body.getInt();
        yield new ReceiverReport(ssrc, reports(count, body));
      }
      case 203 -> {
        List<Integer> ssrcs = new ArrayList<>(count);
        for (int i = 0; i < count && body.remaining() >= 4; i++) {
          ssrcs.add(body.getInt());
        }
        yield new Bye(ssrcs);
      }
      case 205, 206 -> {
        need(body, 8, type);
        int sender = body.getInt();
        int media = body.getInt();
        yield new Feedback(type, count, sender, media, body.slice().asReadOnlyBuffer());
      }
      default -> new Other(type);
    };
  }

  private static void need(ByteBuffer body, int bytes, int type) throws MalformedPacket {
    if (body.remaining() < bytes) {
      throw new MalformedPacket(
          "an RTCP packet of type %d with %d bytes".formatted(type, body.remaining()));
    }
  }

  private static List<ReceptionReport> reports(int count, ByteBuffer body) {
    List<ReceptionReport> reports = new ArrayList<>(count);
    for (int i = 0; i < count && body.remaining() >= ReceptionReport.BYTES; i++) {
      reports.add(ReceptionReport.read(body));
    }
    return reports;
  }
}
