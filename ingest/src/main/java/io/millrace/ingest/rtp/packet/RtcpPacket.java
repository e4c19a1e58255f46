package io.millrace.ingest.rtp.packet;

import java.nio.ByteBuffer;
import java.util.List;

/** One packet of an RTCP compound. SSRCs are 32 bits in an {@code int}. */
public sealed interface RtcpPacket {
  /** What this server calls its sources. */
  String OWN_NAME = "millrace";

  /**
   * Sender report (RFC 3550 section 6.4.1).
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
      implements RtcpPacket {
    public SenderReport {
      reports = List.copyOf(reports);
    }
  }

  /** Receiver report (RFC 3550 section 6.4.2). */
  record ReceiverReport(int ssrc, List<ReceptionReport> reports) implements RtcpPacket {
    public ReceiverReport {
      reports = List.copyOf(reports);
    }
  }

  /**
   * Source description (RFC 3550 section 6.5).
   *
   * @param names the CNAME of each source that has one; other items are left out
   */
  record Sdes(List<CanonicalName> names) implements RtcpPacket {
    public Sdes {
      names = List.copyOf(names);
    }
  }

  /** The name of one source, which must be in every compound. */
  static Sdes named(int ssrc, String name) {
    return new Sdes(List.of(new CanonicalName(ssrc, name)));
  }

  /** What a source calls itself, at most 255 bytes of UTF-8. */
  record CanonicalName(int ssrc, String name) {}

  /** Sources that leave (RFC 3550 section 6.6); the reason may be empty. */
  record Bye(List<Integer> sources, String reason) implements RtcpPacket {
    public Bye {
      sources = List.copyOf(sources);
    }
  }

  /**
   * Packets asked for again (RFC 4585 section 6.2.1).
   *
   * @param sequences 0 to 65,535, in the order named
   */
  record Nack(int sender, int media, List<Integer> sequences) implements RtcpPacket {
    public Nack {
      sequences = List.copyOf(sequences);
    }
  }

  /** Picture loss (RFC 4585 section 6.3.1): a keyframe is asked for. */
  record Pli(int sender, int media) implements RtcpPacket {}

  /** Full intra request (RFC 5104 section 4.3.1). */
  record Fir(int sender, List<Request> requests) implements RtcpPacket {
    public Fir {
      requests = List.copyOf(requests);
    }

    /** Asks a source; the number, 0 to 255, differs from that of the request before. */
    public record Request(int media, int number) {}
  }

  /** Bandwidth that sources may use together (draft-alvestrand-rmcat-remb-03). */
  record Remb(int sender, long bitsPerSecond, List<Integer> sources) implements RtcpPacket {
    public Remb {
      sources = List.copyOf(sources);
    }
  }

  /**
   * Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01).
   *
   * @param baseSequence transport-wide number of the first packet told of, 0 to 65,535
   * @param packets how many it tells of, 0 to 65,535; those without an arrival did not come
   * @param referenceTime 24 bits with sign, in 64 ms
   * @param number of this feedback, 0 to 255
   */
  record TransportFeedback(
      int sender,
      int media,
      int baseSequence,
      int packets,
      int referenceTime,
      int number,
      List<Arrival> arrivals)
      implements RtcpPacket {
    public TransportFeedback {
      arrivals = List.copyOf(arrivals);
    }

    /**
     * A packet that came.
     *
     * @param index counted from the base, 0 to 65,534
     * @param deltaTicks 250 us since the arrival before it, or since the reference time; 16 bits
     *     with sign
     */
    public record Arrival(int index, int deltaTicks) {}
  }

  /**
   * A packet of another kind.
   *
   * @param type payload type, 0 to 255
   * @param count the five bits before it
   * @param body behind the first word; a read-only view
   */
  record Unknown(int type, int count, ByteBuffer body) implements RtcpPacket {}

  /** Whether a packet on a port shared with RTP is RTCP (RFC 5761 section 4). */
  static boolean isRtcp(ByteBuffer packet) {
    if (packet.remaining() < 2) {
      return false;
    }
    int type = packet.get(packet.position() + 1) & 0xff;
    return type >= 192 && type <= 223;
  }

  /**
   * Reads a compound; packets of reduced size (RFC 5506) are compounds too.
   *
   * @param bytes from position to limit, decrypted; borrowed, viewed and left as it was
   * @throws MalformedPacket if a packet is not version 2, or something does not fit into it
   */
  static List<RtcpPacket> parse(ByteBuffer bytes) throws MalformedPacket {
    return RtcpReader.compound(bytes);
  }

  /**
   * Writes a compound.
   *
   * @return from position to limit, in a new array
   * @throws IllegalArgumentException if a list is longer than its packet can count
   */
  static ByteBuffer write(List<? extends RtcpPacket> packets) {
    return RtcpWriter.compound(packets);
  }

  /** The same in an array of just its length. */
  static byte[] bytes(RtcpPacket... packets) {
    ByteBuffer compound = write(List.of(packets));
    byte[] bytes = new byte[compound.remaining()];
    compound.get(bytes);
    return bytes;
  }
}
