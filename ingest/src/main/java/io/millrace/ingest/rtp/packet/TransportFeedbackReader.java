package io.millrace.ingest.rtp.packet;

import io.millrace.ingest.rtp.packet.RtcpPacket.TransportFeedback;
import io.millrace.ingest.rtp.packet.RtcpPacket.TransportFeedback.Arrival;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Takes transport-wide feedback apart: statuses in chunks first, then the arrivals' deltas. */
final class TransportFeedbackReader {
  private static final int FIXED_BYTES = 16;
  private static final int MISSING = 0;
  private static final int SMALL = 1;
  private static final int LARGE = 2;

  private TransportFeedbackReader() {}

  static TransportFeedback read(ByteBuffer in) throws MalformedPacket {
    RtcpReader.require(in, FIXED_BYTES, "transport-wide feedback");
    int sender = in.getInt();
    int media = in.getInt();
    int base = in.getShort() & 0xffff;
    int packets = in.getShort() & 0xffff;
    int word = in.getInt();
    List<int[]> came = statuses(in, packets);
    List<Arrival> arrivals = new ArrayList<>(came.size());
    for (int[] each : came) {
      RtcpReader.require(in, each[1], "transport-wide feedback");
      arrivals.add(new Arrival(each[0], each[1] == SMALL ? in.get() & 0xff : in.getShort()));
    }
    return new TransportFeedback(sender, media, base, packets, word >> 8, word & 0xff, arrivals);
  }

  /** Index and status of packets that came; a status is the width of its delta in bytes. */
  private static List<int[]> statuses(ByteBuffer in, int packets) throws MalformedPacket {
    List<int[]> came = new ArrayList<>();
    int index = 0;
    while (index < packets) {
      RtcpReader.require(in, 2, "transport-wide feedback");
      int chunk = in.getShort() & 0xffff;
      if ((chunk & 0x8000) == 0) {
        int status = chunk >> 13;
        int run = Math.min(chunk & 0x1fff, packets - index);
        // Those that came need bytes further on: a run beyond them is not worth its memory.
        if (status != MISSING && run > in.remaining()) {
          throw new MalformedPacket("%d arrivals in %d bytes".formatted(run, in.remaining()));
        }
        for (int i = 0; status != MISSING && i < run; i++) {
          add(came, index + i, status);
        }
        index += run;
        if (run == 0) {
          throw new MalformedPacket("a run of no packets in transport-wide feedback");
        }
      } else {
        int bits = (chunk & 0x4000) == 0 ? 1 : 2;
        for (int at = 14 - bits; at >= 0 && index < packets; at -= bits, index++) {
          add(came, index, chunk >> at & ((1 << bits) - 1));
        }
      }
    }
    return came;
  }

  private static void add(List<int[]> came, int index, int status) throws MalformedPacket {
    if (status > LARGE) {
      throw new MalformedPacket("status 3 in transport-wide feedback");
    }
    if (status != MISSING) {
      came.add(new int[] {index, status});
    }
  }
}
