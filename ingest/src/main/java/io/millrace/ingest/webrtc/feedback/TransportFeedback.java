package io.millrace.ingest.webrtc.feedback;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Arrival times of packets as RTCP transport-wide feedback
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01). Not thread-safe.
 *
 * <pre>
 *  V=2 P FMT=15 | PT=205 | length        sender SSRC        media SSRC
 *  base sequence number | packet status count
 *  reference time, 24 bits of 64 ms      | feedback packet count
 *  chunks of 16 bits: runs of a status, or seven statuses of two bits
 *  deltas of 250 us: 8 bits without sign, or 16 bits with
 * </pre>
 */
public final class TransportFeedback {
  /** Packets of one feedback; more begin another, or are given up. */
  static final int MAX_PACKETS = 1000;

  private static final int PAYLOAD_TYPE = 205;
  private static final int FORMAT = 15;
  private static final int HEADER_BYTES = 20;
  private static final long TICK_NANOS = 250_000;
  private static final long REFERENCE_NANOS = 64_000_000;
  private static final int MISSING = 0;
  private static final int SMALL = 1;
  private static final int LARGE = 2;
  private static final int VECTOR = 7;
  private static final int MAX_RUN = 0x1fff;

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
    List<Integer> statuses = new ArrayList<>();
    ByteBuffer deltas = ByteBuffer.allocate(2 * MAX_PACKETS);
    long index = base;
    while (!arrivals.isEmpty() && statuses.size() < MAX_PACKETS) {
      long came = arrivals.firstKey();
      if (came - base >= MAX_PACKETS) {
        break;
      }
      long ticks = (arrivals.firstEntry().getValue() - startNanos) / TICK_NANOS;
      long delta = ticks - lastTicks;
      if (delta != (short) delta) {
        break;
      }
      for (; index < came; index++) {
        statuses.add(MISSING);
      }
      if (delta >= 0 && delta < 256) {
        statuses.add(SMALL);
        deltas.put((byte) delta);
      } else {
        statuses.add(LARGE);
        deltas.putShort((short) delta);
      }
      lastTicks = ticks;
      index++;
      arrivals.pollFirstEntry();
    }
    next = index;
    return write(base, reference, statuses, deltas.flip(), senderSsrc, mediaSsrc);
  }

  private byte[] write(
      long base,
      long reference,
      List<Integer> statuses,
      ByteBuffer deltas,
      int senderSsrc,
      int mediaSsrc) {
    ByteBuffer chunks = chunks(statuses);
    int bytes = (HEADER_BYTES + chunks.remaining() + deltas.remaining() + 3) & ~3;
    ByteBuffer out = ByteBuffer.allocate(bytes);
    out.put((byte) (0x80 | FORMAT)).put((byte) PAYLOAD_TYPE).putShort((short) (bytes / 4 - 1));
    out.putInt(senderSsrc).putInt(mediaSsrc);
    out.putShort((short) base).putShort((short) statuses.size());
    out.putInt((int) (reference << 8) | (count++ & 0xff));
    out.put(chunks).put(deltas);
    return out.array();
  }

  private static ByteBuffer chunks(List<Integer> statuses) {
    ByteBuffer out = ByteBuffer.allocate(2 * statuses.size() + 2);
    int at = 0;
    while (at < statuses.size()) {
      int run = 1;
      while (at + run < statuses.size()
          && run < MAX_RUN
          && statuses.get(at + run).equals(statuses.get(at))) {
        run++;
      }
      if (run >= VECTOR || at + run == statuses.size()) {
        out.putShort((short) ((statuses.get(at) << 13) | run));
        at += run;
      } else {
        int vector = 0xc000;
        for (int i = 0; i < VECTOR && at < statuses.size(); i++, at++) {
          vector |= statuses.get(at) << (12 - 2 * i);
        }
        out.putShort((short) vector);
      }
    }
    return out.flip();
  }
}
