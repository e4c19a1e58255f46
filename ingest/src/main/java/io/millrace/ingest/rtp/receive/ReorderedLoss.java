package io.millrace.ingest.rtp.receive;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Finds out which pictures are missing where they come in another order than they are shown: a
 * place without a picture may get one later, so it is called missing once pictures so much later
 * have come that none can. A long hole is told at once up to where later pictures may still fill
 * it. Not thread-safe.
 */
final class ReorderedLoss {
  /** Most times of frames that are kept for one search. */
  static final int MAX_TIMES = 256;

  /** Times of the latest frames, from which distances are measured. */
  private static final int RECENT = 33;

  /** Fewer of them say little. */
  private static final int FEW = 5;

  /** Fewer of them say less than what was measured before the source began anew. */
  private static final int ENOUGH = 17;

  /** A hole this long is told before the search is over, or it would pass for silence. */
  private static final long LONG_NANOS = 500_000_000L;

  /** The usual step of the newest time shrinks by so small a share a frame. */
  private static final int STEP_SHARE = 64;

  private final ReceiverListener listener;
  private final Deque<Long> recent = new ArrayDeque<>();
  private final List<Long> times = new ArrayList<>();
  private final List<Long> dropped = new ArrayList<>();
  private boolean searching;

  /** Whether the search has told something. */
  private boolean told;

  private long newestNanos = Long.MIN_VALUE;
  private long stepNanos;
  private long formerIntervalNanos;

  /** Where the search ends: when the newest time moves on from here, all before it has come. */
  private long untilNanos;

  private int packets;
  private String reason = "";

  ReorderedLoss(ReceiverListener listener) {
    this.listener = listener;
  }

  /** Times from now on have nothing to do with those before; the rate is likely the same. */
  void restart() {
    formerIntervalNanos = intervalNanos();
    recent.clear();
    newestNanos = Long.MIN_VALUE;
  }

  /**
   * Something is missing before the frame that comes next.
   *
   * @param droppedNanos times of frames known to have been lost, ns
   * @param lastNanos newest time before
   * @param nextNanos that of the next frame
   */
  void lost(int packetCount, String why, List<Long> droppedNanos, long lastNanos, long nextNanos) {
    long interval = intervalNanos();
    long sure = nextNanos - Math.max(0, stepNanos - interval);
    if (!searching) {
      begin(lastNanos - stepNanos - interval / 2);
    }
    reason = why;
    if (sure - lastNanos > LONG_NANOS) {
      // What is shown before the hole will not come any more either.
      packets = Math.max(packets, Math.min(1, packetCount));
      told = true;
      close(lastNanos);
      listener.lost(lastNanos + interval, sure, packetCount, why);
      begin(sure);
      times.add(sure - interval);
      packets = Math.min(1, packetCount);
      told = true;
    } else {
      packets += packetCount;
      dropped.addAll(droppedNanos);
    }
    untilNanos = Math.max(lastNanos, nextNanos) + stepNanos - interval / 2;
  }

  private void begin(long fromNanos) {
    searching = true;
    for (long each : recent) {
      if (each >= fromNanos) {
        times.add(each);
      }
    }
  }

  /** A frame came. */
  void frame(long nanos) {
    if (searching) {
      boolean passed = nanos > newestNanos && newestNanos >= untilNanos;
      if (passed || times.size() >= MAX_TIMES) {
        close(newestNanos);
      } else {
        times.add(nanos);
      }
    } else if (newestNanos != Long.MIN_VALUE && nanos > newestNanos) {
      long step = nanos - newestNanos;
      stepNanos = Math.max(step, stepNanos - stepNanos / STEP_SHARE);
    }
    newestNanos = Math.max(newestNanos, nanos);
    recent.addLast(nanos);
    if (recent.size() > RECENT) {
      recent.removeFirst();
    }
  }

  /**
   * Nothing more comes that belongs to what came so far.
   *
   * @param lately whether something was lost since the last frame
   * @return whether pictures are found missing among those that came
   */
  boolean end(boolean lately, String why) {
    if (lately && newestNanos != Long.MIN_VALUE) {
      if (!searching) {
        begin(newestNanos - stepNanos - intervalNanos() / 2);
      }
      reason = why;
      packets = Math.max(1, packets);
      told = true;
    }
    return searching && close(newestNanos);
  }

  /**
   * Everything up to a time has come that will.
   *
   * @return whether a picture is missing as far as times tell
   */
  private boolean close(long upToNanos) {
    long interval = intervalNanos();
    boolean found = false;
    times.sort(null);
    for (int i = 1; i < times.size() && times.get(i) <= upToNanos; i++) {
      long from = times.get(i - 1) + interval;
      if (times.get(i) - from > interval / 2) {
        tell(from, times.get(i));
        found = true;
      }
    }
    if (!told) {
      // No picture is missing as far as times tell; where one was given up all the same, it is it.
      for (long each : dropped) {
        tell(each, each + interval);
      }
    }
    if (!told && packets > 0) {
      tell(upToNanos, upToNanos);
    }
    searching = false;
    told = false;
    packets = 0;
    times.clear();
    dropped.clear();
    return found;
  }

  /** The first span has the count of all packets; the others say that there were some. */
  private void tell(long fromNanos, long toNanos) {
    listener.lost(fromNanos, toNanos, told ? Math.min(1, packets) : packets, reason);
    told = true;
  }

  /** The middle one of the distances between the latest frames as shown. */
  long intervalNanos() {
    long[] shown = recent.stream().mapToLong(Long::longValue).sorted().toArray();
    if (shown.length < (formerIntervalNanos == 0 ? FEW : ENOUGH)) {
      return formerIntervalNanos;
    }
    long[] distances = new long[shown.length - 1];
    for (int i = 0; i < distances.length; i++) {
      distances[i] = shown[i + 1] - shown[i];
    }
    Arrays.sort(distances);
    return distances[(distances.length - 1) / 2];
  }
}
