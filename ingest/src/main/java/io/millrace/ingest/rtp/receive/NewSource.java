package io.millrace.ingest.rtp.receive;

import io.millrace.ingest.rtp.packet.RtpPacket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Packets that seem to be of a source that began anew: another SSRC, or a sequence number far off.
 * Two of them on end, close in sequence, prove it; what came of it before, between the last packets
 * of the former source, is kept until then. Not thread-safe.
 */
final class NewSource {
  /** A packet and when it came. */
  record Kept(RtpPacket packet, Arrival arrival) {}

  private static final int MAX_PACKETS = 256;
  private static final int MAX_BYTES = 1 << 20;
  private static final long KEPT_NANOS = 1_000_000_000L;

  /** Packets of one source lie so close together even where they are reordered. */
  private static final int CLOSE = 128;

  /** So long packets of the former source may be underway still. */
  private static final long UNDERWAY_NANOS = 1_000_000_000L;

  private final List<Kept> kept = new ArrayList<>();
  private int keptBytes;

  /** Whether the packet before was kept, and not one of the source now. */
  private boolean onEnd;

  private boolean hasFormer;
  private int formerSsrc;
  private int formerSequence;
  private long formerUntilNanos;

  /** A packet of the source now came. */
  void interrupted() {
    onEnd = false;
  }

  /**
   * Takes a packet.
   *
   * @param packet its payload is borrowed
   * @return all that came of the new source in order of sequence, once it is proved; else empty
   */
  List<Kept> take(RtpPacket packet, Arrival arrival) {
    if (!kept.isEmpty()
        && (kept.getLast().packet().ssrc() != packet.ssrc()
            || distance(kept.getLast().packet(), packet.sequence()) >= CLOSE
            || arrival.nanos() - kept.getFirst().arrival().nanos() > KEPT_NANOS
            || kept.size() == MAX_PACKETS
            || keptBytes > MAX_BYTES)) {
      forget();
    }
    boolean twice = kept.stream().anyMatch(each -> each.packet().sequence() == packet.sequence());
    if (twice) {
      return List.of();
    }
    keptBytes += packet.payload().remaining();
    kept.add(new Kept(packet.kept(), arrival));
    boolean proved = onEnd && kept.size() > 1;
    onEnd = true;
    if (!proved) {
      return List.of();
    }
    List<Kept> all = new ArrayList<>(kept);
    int first = all.getFirst().packet().sequence();
    all.sort(Comparator.comparingInt(each -> (short) (each.packet().sequence() - first)));
    forget();
    return all;
  }

  private static int distance(RtpPacket packet, int sequence) {
    return Math.abs((short) (packet.sequence() - sequence));
  }

  private void forget() {
    kept.clear();
    keptBytes = 0;
    onEnd = false;
  }

  /** The source now is given up: packets of it that come late are not another new source. */
  void leave(int ssrc, long highestSequence, long nowNanos) {
    hasFormer = true;
    formerSsrc = ssrc;
    formerSequence = (int) (highestSequence & 0xffff);
    formerUntilNanos = nowNanos + UNDERWAY_NANOS;
  }

  /** Whether a packet is one of the former source that was underway for long. */
  boolean isFormer(RtpPacket packet, long nowNanos) {
    return hasFormer
        && nowNanos < formerUntilNanos
        && packet.ssrc() == formerSsrc
        && Math.abs((short) (packet.sequence() - formerSequence)) < CLOSE;
  }
}
