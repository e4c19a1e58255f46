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
import io.millrace.ingest.rtp.packet.RtcpPacket.TransportFeedback;
import io.millrace.ingest.rtp.packet.RtcpPacket.TransportFeedback.Arrival;
import io.millrace.ingest.rtp.packet.RtcpPacket.Unknown;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Puts RTCP compounds together. */
final class RtcpWriter {
  /** Most that UDP carries; a compound is sent in one datagram. */
  private static final int MAX_BYTES = 65_507;

  private static final int WORD = 4;
  private static final int MAX_COUNT = 31;
  private static final int MAX_TEXT = 255;
  private static final int CNAME = 1;
  private static final int FOLLOWING = 16;
  private static final int MANTISSA_BITS = 18;
  private static final int MAX_RUN = 0x1fff;
  private static final int VECTOR = 7;
  private static final int SMALL = 1;
  private static final int LARGE = 2;

  private RtcpWriter() {}

  static ByteBuffer compound(List<? extends RtcpPacket> packets) {
    ByteBuffer out = ByteBuffer.allocate(bound(packets));
    for (RtcpPacket packet : packets) {
      int start = out.position();
      out.position(start + WORD);
      int typeAndCount = body(packet, out);
      while ((out.position() - start) % WORD != 0) {
        out.put((byte) 0);
      }
      out.putShort(start, (short) (0x8000 | (typeAndCount & 0x1f00) | (typeAndCount & 0xff)));
      out.putShort(start + 2, (short) ((out.position() - start) / WORD - 1));
    }
    return out.flip();
  }

  /** More than the packets need. */
  private static int bound(List<? extends RtcpPacket> packets) {
    long bytes = 0;
    for (RtcpPacket packet : packets) {
      bytes +=
          32
              + switch (packet) {
                case SenderReport report -> (long) ReceptionReport.BYTES * report.reports().size();
                case ReceiverReport report ->
                    (long) ReceptionReport.BYTES * report.reports().size();
                case Sdes sdes -> (12L + MAX_TEXT) * sdes.names().size();
                case Bye bye -> 4L * bye.sources().size() + MAX_TEXT + 1;
                case Nack nack -> 4L * nack.sequences().size();
                case Pli pli -> 0;
                case Fir fir -> 8L * fir.requests().size();
                case Remb remb -> 4L * remb.sources().size();
                case TransportFeedback feedback ->
                    2L * feedback.arrivals().size() + 2L * (feedback.packets() / VECTOR + 1);
                case Unknown unknown -> unknown.body().remaining();
              };
    }
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException("an RTCP compound of %d bytes".formatted(bytes));
    }
    return (int) bytes;
  }

  /** Writes what follows the first word; returns count or format times 256, and type. */
  private static int body(RtcpPacket packet, ByteBuffer out) {
    return switch (packet) {
      case SenderReport report -> {
        out.putInt(report.ssrc()).putLong(report.ntp()).putInt((int) report.rtpTimestamp());
        out.putInt(report.packets()).putInt(report.octets());
        yield blocks(report.reports(), out) << 8 | RtcpTypes.SENDER_REPORT;
      }
      case ReceiverReport report -> {
        out.putInt(report.ssrc());
        yield blocks(report.reports(), out) << 8 | RtcpTypes.RECEIVER_REPORT;
      }
      case Sdes sdes -> names(sdes, out) << 8 | RtcpTypes.SOURCE_DESCRIPTION;
      case Bye bye -> {
        bye.sources().forEach(out::putInt);
        if (!bye.reason().isEmpty()) {
          text(bye.reason(), out);
        }
        yield count(bye.sources()) << 8 | RtcpTypes.BYE;
      }
      case Nack nack -> {
        out.putInt(nack.sender()).putInt(nack.media());
        named(nack.sequences(), out);
        yield RtcpTypes.GENERIC_NACK << 8 | RtcpTypes.TRANSPORT_FEEDBACK;
      }
      case Pli pli -> {
        out.putInt(pli.sender()).putInt(pli.media());
        yield RtcpTypes.PICTURE_LOSS << 8 | RtcpTypes.PAYLOAD_FEEDBACK;
      }
      case Fir fir -> {
        out.putInt(fir.sender()).putInt(0);
        fir.requests().forEach(each -> out.putInt(each.media()).putInt(each.number() << 24));
        yield RtcpTypes.FULL_INTRA << 8 | RtcpTypes.PAYLOAD_FEEDBACK;
      }
      case Remb remb -> {
        bandwidth(remb, out);
        yield RtcpTypes.APPLICATION << 8 | RtcpTypes.PAYLOAD_FEEDBACK;
      }
      case TransportFeedback feedback -> {
        feedback(feedback, out);
        yield RtcpTypes.TRANSPORT_WIDE << 8 | RtcpTypes.TRANSPORT_FEEDBACK;
      }
      case Unknown unknown -> {
        out.put(unknown.body().duplicate());
        yield (unknown.count() & 0x1f) << 8 | (unknown.type() & 0xff);
      }
    };
  }

  private static int count(List<?> list) {
    if (list.size() > MAX_COUNT) {
      throw new IllegalArgumentException(list.size() + " entries in one RTCP packet");
    }
    return list.size();
  }

  private static int blocks(List<ReceptionReport> reports, ByteBuffer out) {
    reports.forEach(each -> each.write(out));
    return count(reports);
  }

  private static int names(Sdes sdes, ByteBuffer out) {
    for (CanonicalName each : sdes.names()) {
      int start = out.position();
      out.putInt(each.ssrc()).put((byte) CNAME);
      text(each.name(), out);
      do {
        out.put((byte) 0);
      } while ((out.position() - start) % WORD != 0);
    }
    return count(sdes.names());
  }

  private static void text(String text, ByteBuffer out) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, MAX_TEXT);
    out.put((byte) length).put(bytes, 0, length);
  }

  private static void named(List<Integer> sequences, ByteBuffer out) {
    int at = 0;
    while (at < sequences.size()) {
      int first = sequences.get(at++);
      int following = 0;
      while (at < sequences.size()) {
        int ahead = (sequences.get(at) - first - 1) & 0xffff;
        if (ahead >= FOLLOWING) {
          break;
        }
        following |= 1 << ahead;
        at++;
      }
      out.putShort((short) first).putShort((short) following);
    }
  }

  private static void bandwidth(Remb remb, ByteBuffer out) {
    if (remb.sources().size() > 0xff) {
      throw new IllegalArgumentException(remb.sources().size() + " sources of one bandwidth");
    }
    long bits = remb.bitsPerSecond();
    int exponent = Math.max(0, 64 - Long.numberOfLeadingZeros(bits) - MANTISSA_BITS);
    out.putInt(remb.sender()).putInt(0).putInt(RtcpTypes.REMB);
    out.putInt(remb.sources().size() << 24 | exponent << MANTISSA_BITS | (int) (bits >>> exponent));
    remb.sources().forEach(out::putInt);
  }

  private static void feedback(TransportFeedback feedback, ByteBuffer out) {
    out.putInt(feedback.sender()).putInt(feedback.media());
    out.putShort((short) feedback.baseSequence()).putShort((short) feedback.packets());
    out.putInt(feedback.referenceTime() << 8 | (feedback.number() & 0xff));
    chunks(statuses(feedback), out);
    for (Arrival each : feedback.arrivals()) {
      if (width(each) == SMALL) {
        out.put((byte) each.deltaTicks());
      } else {
        out.putShort((short) each.deltaTicks());
      }
    }
  }

  private static int width(Arrival arrival) {
    return arrival.deltaTicks() >= 0 && arrival.deltaTicks() <= 0xff ? SMALL : LARGE;
  }

  /** Of each packet told of: how many bytes its delta takes, 0 when it did not come. */
  private static byte[] statuses(TransportFeedback feedback) {
    byte[] statuses = new byte[feedback.packets()];
    int next = 0;
    for (Arrival each : feedback.arrivals()) {
      if (each.index() < next || each.index() >= statuses.length) {
        throw new IllegalArgumentException("arrivals of transport-wide feedback in no order");
      }
      statuses[each.index()] = (byte) width(each);
      next = each.index() + 1;
    }
    return statuses;
  }

  /** Runs where those are shorter than vectors of seven. */
  private static void chunks(byte[] statuses, ByteBuffer out) {
    int at = 0;
    while (at < statuses.length) {
      int run = 1;
      while (at + run < statuses.length && run < MAX_RUN && statuses[at + run] == statuses[at]) {
        run++;
      }
      if (run >= VECTOR || at + run == statuses.length) {
        out.putShort((short) (statuses[at] << 13 | run));
        at += run;
      } else {
        int vector = 0xc000;
        for (int i = 0; i < VECTOR && at < statuses.length; i++, at++) {
          vector |= statuses[at] << (12 - 2 * i);
        }
        out.putShort((short) vector);
      }
    }
  }
}
