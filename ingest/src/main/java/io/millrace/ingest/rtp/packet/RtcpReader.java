package io.millrace.ingest.rtp.packet;

import io.millrace.ingest.rtp.packet.RtcpPacket.Bye;
import io.millrace.ingest.rtp.packet.RtcpPacket.CanonicalName;
import io.millrace.ingest.rtp.packet.RtcpPacket.Fir;
import io.millrace.ingest.rtp.packet.RtcpPacket.Nack;
import io.millrace.ingest.rtp.packet.RtcpPacket.Pli;
import io.millrace.ingest.rtp.packet.RtcpPacket.ReceiverReport;
import io.millrace.ingest.rtp.packet.RtcpPacket.Remb;
import io.millrace.ingest.rtp.packet.RtcpPacket.Sdes;
import io.millrace.ingest.rtp.packet.RtcpPacket.SenderReport;
import io.millrace.ingest.rtp.packet.RtcpPacket.Unknown;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Takes RTCP compounds apart. One packet lies from the position to the limit of a buffer. */
final class RtcpReader {
  private static final int WORD = 4;
  private static final int CNAME = 1;
  private static final long WRAP = 0xffffffffL;

  private RtcpReader() {}

  static List<RtcpPacket> compound(ByteBuffer bytes) throws MalformedPacket {
    List<RtcpPacket> packets = new ArrayList<>(2);
    int at = bytes.position();
    int end = bytes.limit();
    if (at == end) {
      throw new MalformedPacket("an RTCP compound of no bytes");
    }
    while (at < end) {
      if (end - at < WORD) {
        throw new MalformedPacket("an RTCP packet of %d bytes".formatted(end - at));
      }
      int first = bytes.get(at) & 0xff;
      int size = WORD * ((bytes.getShort(at + 2) & 0xffff) + 1);
      if (first >>> 6 != 2) {
        throw new MalformedPacket("RTCP version " + (first >>> 6));
      }
      if (size > end - at) {
        throw new MalformedPacket(
            "an RTCP packet of %d bytes with %d left".formatted(size, end - at));
      }
      int padding = (first & 0x20) == 0 ? 0 : bytes.get(at + size - 1) & 0xff;
      if (padding > size - WORD || ((first & 0x20) != 0 && padding == 0)) {
        throw new MalformedPacket("RTCP padding of %d bytes".formatted(padding));
      }
      ByteBuffer body = bytes.slice(at + WORD, size - WORD - padding).asReadOnlyBuffer();
      packets.add(packet(bytes.get(at + 1) & 0xff, first & 0x1f, body));
      at += size;
    }
    return packets;
  }

  private static RtcpPacket packet(int type, int count, ByteBuffer in) throws MalformedPacket {
    return switch (type) {
      case RtcpTypes.SENDER_REPORT -> {
        require(in, 24 + ReceptionReport.BYTES * count, "sender report");
        yield new SenderReport(
            in.getInt(),
            in.getLong(),
            in.getInt() & WRAP,
            in.getInt(),
            in.getInt(),
            blocks(in, count));
      }
      case RtcpTypes.RECEIVER_REPORT -> {
        require(in, WORD + ReceptionReport.BYTES * count, "receiver report");
        yield new ReceiverReport(in.getInt(), blocks(in, count));
      }
      case RtcpTypes.SOURCE_DESCRIPTION -> sdes(in, count);
      case RtcpTypes.BYE -> bye(in, count);
      case RtcpTypes.TRANSPORT_FEEDBACK -> transport(count, in);
      case RtcpTypes.PAYLOAD_FEEDBACK -> payload(count, in);
      default -> new Unknown(type, count, in);
    };
  }

  static void require(ByteBuffer in, int bytes, String what) throws MalformedPacket {
    if (in.remaining() < bytes) {
      throw new MalformedPacket("%d bytes of a %s".formatted(in.remaining(), what));
    }
  }

  private static List<ReceptionReport> blocks(ByteBuffer in, int count) {
    List<ReceptionReport> blocks = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      blocks.add(ReceptionReport.read(in));
    }
    return blocks;
  }

  private static Sdes sdes(ByteBuffer in, int count) throws MalformedPacket {
    List<CanonicalName> names = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int start = in.position();
      require(in, WORD, "source description");
      int source = in.getInt();
      int item;
      do {
        require(in, 1, "source description");
        item = in.get() & 0xff;
        if (item != 0) {
          String text = text(in, "source description");
          if (item == CNAME) {
            names.add(new CanonicalName(source, text));
          }
        }
      } while (item != 0);
      // A chunk is filled up to whole words.
      int used = (in.position() - start + WORD - 1) / WORD * WORD;
      if (start + used > in.limit()) {
        throw new MalformedPacket("a chunk of a source description beyond its end");
      }
      in.position(start + used);
    }
    return new Sdes(names);
  }

  private static String text(ByteBuffer in, String what) throws MalformedPacket {
    require(in, 1, what);
    byte[] text = new byte[in.get() & 0xff];
    require(in, text.length, what);
    in.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static Bye bye(ByteBuffer in, int count) throws MalformedPacket {
    require(in, WORD * count, "goodbye");
    List<Integer> sources = sources(in, count);
    return new Bye(sources, in.hasRemaining() ? text(in, "goodbye") : "");
  }

  private static List<Integer> sources(ByteBuffer in, int count) {
    List<Integer> sources = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      sources.add(in.getInt());
    }
    return sources;
  }

  private static RtcpPacket transport(int format, ByteBuffer in) throws MalformedPacket {
    return switch (format) {
      case RtcpTypes.GENERIC_NACK -> nack(in);
      case RtcpTypes.TRANSPORT_WIDE -> TransportFeedbackReader.read(in);
      default -> new Unknown(RtcpTypes.TRANSPORT_FEEDBACK, format, in);
    };
  }

  private static Nack nack(ByteBuffer in) throws MalformedPacket {
    require(in, 2 * WORD, "negative acknowledgement");
    int sender = in.getInt();
    int media = in.getInt();
    List<Integer> sequences = new ArrayList<>();
    while (in.remaining() >= WORD) {
      int first = in.getShort() & 0xffff;
      int following = in.getShort() & 0xffff;
      sequences.add(first);
      for (int i = 0; i < 16; i++) {
        if ((following >> i & 1) != 0) {
          sequences.add((first + 1 + i) & 0xffff);
        }
      }
    }
    return new Nack(sender, media, sequences);
  }

  private static RtcpPacket payload(int format, ByteBuffer in) throws MalformedPacket {
    boolean remb =
        format == RtcpTypes.APPLICATION
            && in.remaining() >= 4 * WORD
            && in.getInt(2 * WORD) == RtcpTypes.REMB;
    if (remb) {
      return remb(in);
    }
    if (format == RtcpTypes.PICTURE_LOSS) {
      require(in, 2 * WORD, "picture loss indication");
      return new Pli(in.getInt(), in.getInt());
    }
    if (format == RtcpTypes.FULL_INTRA) {
      require(in, 2 * WORD, "full intra request");
      int sender = in.getInt();
      in.getInt();
      List<Fir.Request> requests = new ArrayList<>();
      while (in.remaining() >= 2 * WORD) {
        requests.add(new Fir.Request(in.getInt(), in.getInt() >>> 24));
      }
      return new Fir(sender, requests);
    }
    return new Unknown(RtcpTypes.PAYLOAD_FEEDBACK, format, in);
  }

  private static Remb remb(ByteBuffer in) throws MalformedPacket {
    int sender = in.getInt();
    in.position(3 * WORD);
    int word = in.getInt();
    int count = word >>> 24;
    int exponent = word >>> 18 & 0x3f;
    long mantissa = word & 0x3ffff;
    require(in, WORD * count, "bandwidth limit");
    long bits = exponent > 63 - 18 && mantissa != 0 ? Long.MAX_VALUE : mantissa << exponent;
    return new Remb(sender, bits, sources(in, count));
  }
}
