package io.millrace.ingest.rtp.receive;

import io.millrace.ingest.rtp.packet.RtpPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts the packets of one source in order: those in order pass at once, those behind a missing one
 * wait, within limits. Not thread-safe.
 */
final class SequenceBuffer {
  /** Takes packets in order. */
  interface Sink {
    /**
     * @param arrival when it came
     * @param lost how many packets before it never came
     */
    void next(RtpPacket packet, Arrival arrival, int lost);
  }

  /** What became of a packet. */
  enum Outcome {
    TAKEN,
    /** It was there already, or came after it was given up. */
    LATE,
    /** Its number is so far off that the source must have begun anew. */
    FAR
  }

  private record Held(RtpPacket packet, Arrival arrival) {}

  private final ReceiverSettings settings;
  private final TreeMap<Long, Held> held = new TreeMap<>();
  private long heldBytes;
  private long next = -1;
  private long highest = -1;

  SequenceBuffer(ReceiverSettings settings) {
    this.settings = settings;
  }

  void restart() {
    held.clear();
    heldBytes = 0;
    next = -1;
    highest = -1;
  }

  Outcome take(RtpPacket packet, Arrival arrival, Sink sink) {
    long sequence = unwrap(packet.sequence());
    if (next >= 0 && Math.abs(sequence - next) >= settings.restartDistance()) {
      return Outcome.FAR;
    }
    boolean waits = !held.isEmpty() && held.containsKey(sequence);
    if (next >= 0 && (sequence < next || waits)) {
      return Outcome.LATE;
    }
    highest = Math.max(highest, sequence);
    if (next < 0 || sequence == next) {
      next = sequence + 1;
      sink.next(packet, arrival, 0);
      drain(sink, 0);
      return Outcome.TAKEN;
    }
    held.put(sequence, new Held(packet.kept(), arrival));
    heldBytes += packet.payload().remaining();
    release(arrival.nanos(), sink);
    return Outcome.TAKEN;
  }

  private long unwrap(int sequence) {
    return highest < 0 ? sequence + 65_536L : highest + (short) (sequence - (int) highest);
  }

  /** Gives up what was waited for long enough, or what keeps too much waiting. */
  void release(long nowNanos, Sink sink) {
    while (!held.isEmpty()) {
      Map.Entry<Long, Held> first = held.firstEntry();
      boolean over =
          nowNanos - oldestNanos() >= settings.reorderWindow().toNanos()
              || held.size() > settings.maxHeldPackets()
              || heldBytes > settings.maxHeldBytes();
      if (!over) {
        return;
      }
      int lost = (int) (first.getKey() - next);
      next = first.getKey();
      drain(sink, lost);
    }
  }

  /**
   * Since when the packet that waits longest waits; those behind the first gap came later or not.
   */
  private long oldestNanos() {
    long oldest = Long.MAX_VALUE;
    for (Held each : held.values()) {
      oldest = Math.min(oldest, each.arrival().nanos());
    }
    return oldest;
  }

  /** Gives up every gap: nothing more will come. */
  void flush(Sink sink) {
    while (!held.isEmpty()) {
      long first = held.firstKey();
      int lost = (int) (first - next);
      next = first;
      drain(sink, lost);
    }
  }

  private void drain(Sink sink, int lostBefore) {
    if (held.isEmpty()) {
      return;
    }
    int lost = lostBefore;
    for (Held ready = held.remove(next); ready != null; ready = held.remove(next)) {
      heldBytes -= ready.packet().payload().remaining();
      next++;
      sink.next(ready.packet(), ready.arrival(), lost);
      lost = 0;
    }
  }

  /** 16-bit numbers of packets that are waited for, at most {@code limit}. */
  List<Integer> missing(int limit) {
    List<Integer> missing = new ArrayList<>();
    long expected = next;
    for (long there : held.keySet()) {
      for (; expected < there && missing.size() < limit; expected++) {
        missing.add((int) (expected & 0xffff));
      }
      expected = there + 1;
    }
    return missing;
  }

  /** Highest number seen, with cycles; -1 before the first. */
  long highest() {
    return highest;
  }
}
