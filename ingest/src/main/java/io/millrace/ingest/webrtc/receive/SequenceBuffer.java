package io.millrace.ingest.webrtc.receive;

import io.millrace.ingest.rtp.packet.RtpPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gives packets out in the order sent, waits for those that are missing, and says which to ask for
 * again. Bounded in packets and time. Not thread-safe.
 */
public final class SequenceBuffer {
  /** Packets that may wait for one that is missing. */
  public static final int MAX_HELD = 1024;

  /** A gap beyond this is no loss: the sender began anew. */
  static final int MAX_GAP = 3000;

  private static final long ASK_AGAIN_NANOS = 80_000_000;
  private static final int MAX_ASKED = 5;
  private static final int MAX_NAMED = 200;

  /** Takes packets in order. */
  @FunctionalInterface
  public interface Sink {
    /**
     * The next packet.
     *
     * @param lostBefore packets before it that never came
     */
    void packet(RtpPacket packet, int lostBefore);
  }

  private static final class Missing {
    final long sinceNanos;
    long askedNanos;
    int asked;

    Missing(long sinceNanos) {
      this.sinceNanos = sinceNanos;
    }
  }

  private final long waitNanos;
  private final TreeMap<Long, RtpPacket> held = new TreeMap<>();
  private final TreeMap<Long, Missing> missing = new TreeMap<>();
  private long next = -1;
  private long highest = -1;

  /**
   * @param waitNanos how long a missing packet is waited for
   */
  public SequenceBuffer(long waitNanos) {
    this.waitNanos = waitNanos;
  }

  /** A packet came; gives out what has its turn. */
  public void add(RtpPacket packet, long nowNanos, Sink sink) {
    if (highest < 0) {
      next = 0x10000L + packet.sequence();
      highest = next - 1;
    }
    long index = unwrap(packet.sequence());
    if (Math.abs(index - highest) > MAX_GAP) {
      flush(sink);
      next = index;
      highest = index - 1;
    }
    if (index < next) {
      return;
    }
    for (long each = highest + 1; each < index; each++) {
      missing.put(each, new Missing(nowNanos));
    }
    highest = Math.max(highest, index);
    missing.remove(index);
    held.putIfAbsent(index, packet);
    expire(nowNanos, sink);
  }

  /** Extended number of a packet: it counts up across the wrap. */
  private long unwrap(int sequence) {
    long near = (highest & ~0xffffL) | sequence;
    if (near - highest > 0x8000) {
      return near - 0x10000;
    }
    return highest - near > 0x8000 ? near + 0x10000 : near;
  }

  /** Gives out what was waited for long enough. */
  public void expire(long nowNanos, Sink sink) {
    int lost = 0;
    while (!held.isEmpty()) {
      long first = held.firstKey();
      if (first > next) {
        Missing gap = missing.get(next);
        boolean wait =
            gap != null && nowNanos - gap.sinceNanos < waitNanos && held.size() < MAX_HELD;
        if (wait) {
          return;
        }
        missing.remove(next++);
        lost++;
      } else {
        next++;
        sink.packet(held.remove(first), lost);
        lost = 0;
      }
    }
  }

  /** Gives out everything; the next packet may have any number. */
  public void flush(Sink sink) {
    for (Map.Entry<Long, RtpPacket> entry : held.entrySet()) {
      sink.packet(entry.getValue(), (int) (entry.getKey() - next));
      next = entry.getKey() + 1;
    }
    held.clear();
    missing.clear();
  }

  /** Forgets everything: another source begins. */
  public void reset() {
    held.clear();
    missing.clear();
    next = -1;
    highest = -1;
  }

  /** Numbers to ask for now, ascending; each a few times, with pauses. */
  public List<Integer> toAskFor(long nowNanos) {
    List<Integer> named = new ArrayList<>();
    for (Map.Entry<Long, Missing> entry : missing.entrySet()) {
      Missing each = entry.getValue();
      boolean due = each.asked == 0 || nowNanos - each.askedNanos >= ASK_AGAIN_NANOS;
      if (due && each.asked < MAX_ASKED && named.size() < MAX_NAMED) {
        each.asked++;
        each.askedNanos = nowNanos;
        named.add((int) (entry.getKey() & 0xffff));
      }
    }
    return named;
  }

  /** Extended highest number seen; -1 before the first. */
  public long highest() {
    return highest;
  }
}
