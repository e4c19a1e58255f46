package io.millrace.ingest.webrtc.feedback;

import io.millrace.ingest.rtp.packet.RtcpPacket;
import io.millrace.ingest.rtp.packet.RtcpPacket.TransportFeedback.Arrival;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Arrival times of packets as RTCP transport-wide feedback
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01). Not thread-safe.
 */
public final class TransportFeedback {
  /** Packets of one feedback; more begin another, or are given up. */
  static final int MAX_PACKETS = 1000;

  private static final long TICK_NANOS = 250_000;
  private static final long REFERENCE_NANOS = 64_000_000;

  private final long startNanos;
  private final TreeMap<Long, Long> arrivals = new TreeMap<>();
  private long highest = -1;
  private long next = -1;
  private int count;

  /**
   * @param startNanos a time before the first arrival, on the same clock
   */
  public TransportFeedback(long startNanos) {
    this.startNanos = startNanos;
  }

  /**
   * A packet came.
   *
   * @param sequence its transport-wide number, 16 bits
   */
  public void arrived(int sequence, long nanos) {
    long index = unwrap(sequence);
    highest = Math.max(highest, index);
    // One that was reported as missing stays so: the sender has drawn its conclusions.
    if (index >= next) {
      arrivals.putIfAbsent(index, nanos);
    }
  }

  private long unwrap(int sequence) {
    if (highest < 0) {
      return 0x10000L + sequence;
    }
    long near = (highest & ~0xffffL) | sequence;
    if (near - highest > 0x8000) {
      return near - 0x10000;
    }
    return highest - near > 0x8000 ? near + 0x10000 : near;
  }

  /**
   * The feedback about everything that came since the last one.
   *
   * @param senderSsrc ours
   * @param mediaSsrc any of the other side's
   * @return an RTCP packet, or none when nothing came
   */
  public List<byte[]> report(int senderSsrc, int mediaSsrc) {
    List<byte[]> reports = new ArrayList<>();
    while (!arrivals.isEmpty()) {
      long first = arrivals.firstKey();
      long base = next < 0 || first - next >= MAX_PACKETS ? first : next;
      reports.add(one(base, senderSsrc, mediaSsrc));
    }
    return reports;
  }

  private byte[] one(long base, int senderSsrc, int mediaSsrc) {
    long reference = (arrivals.firstEntry().getValue() - startNanos) / REFERENCE_NANOS;
    long lastTicks = reference * (REFERENCE_NANOS / TICK_NANOS);
    List<Arrival> told = new ArrayList<>();
    long index = base;
    while (!arrivals.isEmpty()) {
      long came = arrivals.firstKey();
      if (came - base >= MAX_PACKETS) {
        break;
      }
      long ticks = (arrivals.firstEntry().getValue() - startNanos) / TICK_NANOS;
      long delta = ticks - lastTicks;
      if (delta != (short) delta) {
        break;
      }
      told.add(new Arrival((int) (came - base), (int) delta));
      lastTicks = ticks;
      index = came + 1;
      arrivals.pollFirstEntry();
    }
    next = index;
    return RtcpPacket.bytes(
        new RtcpPacket.TransportFeedback(
            senderSsrc,
            mediaSsrc,
            (int) (base & 0xffff),
            (int) (index - base),
            (int) reference,
            count++ & 0xff,
            told));
  }
}
