package io.millrace.ingest.rtp.receive;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which pictures are missing where they come in another order than they are shown: a
 * place without a picture may get one later, so it is called missing once pictures so much later
 * have come that none can. A long hole is told at once up to where later pictures may still fill
 * it. Distances are measured in RTP timestamps, since capture times may be corrected between two
 * pictures. Not thread-safe.
 */
final class ReorderedLoss {
  /** Most pictures that are kept for one search. */
  static final int MAX_TIMES = 256;

  /** The latest pictures, from which distances are measured. */
  private static final int RECENT = 33;

  /** Fewer of them say little: where they are reordered those between may be missing. */
  static final int FEW = 5;

  /** Fewer of them say less than what was measured before the source began anew. */
  private static final int ENOUGH = 17;

  /** A hole this long is told before the search is over, or it would pass for silence. */
  private static final long LONG_NANOS = 500_000_000L;

  /** The usual step of the newest picture shrinks by so small a share a frame. */
  private static final int STEP_SHARE = 64;

  private final ReceiverListener listener;
  private final double nanosPerTick;
  private final long longTicks;
  private final Deque<Picture> recent = new ArrayDeque<>();
  private final List<Picture> times = new ArrayList<>();

  /** RTP timestamps of pictures known to have been given up. */
  private final List<Long> dropped = new ArrayList<>();

  private boolean searching;

  /** Whether the search has told something. */
  private boolean told;

  private @Nullable Picture newest;
  private long stepTicks;
  private long formerIntervalTicks;

  /** Where the search ends: when the newest moves on from here, all before it have come. */
  private long untilTicks;

  private int packets;
  private String reason = "";

  ReorderedLoss(int clockRate, ReceiverListener listener) {
    this.listener = listener;
    nanosPerTick = 1e9 / clockRate;
    longTicks = Math.round(LONG_NANOS / nanosPerTick);
  }

  /** Pictures from now on have nothing to do with those before; the rate is likely the same. */
  void restart() {
    formerIntervalTicks = intervalTicks();
    recent.clear();
    newest = null;
  }

  /** The clock was set: the same pictures lie so much further on by it, ns. */
  void moved(long byNanos) {
    Picture last = newest;
    if (byNanos == 0 || last == null) {
      return;
    }
    newest = last.moved(byNanos);
    List<Picture> before = List.copyOf(recent);
    recent.clear();
    before.forEach(each -> recent.addLast(each.moved(byNanos)));
    times.replaceAll(each -> each.moved(byNanos));
  }

  /**
   * Something is missing before the picture that comes next.
   *
   * @param droppedTicks RTP timestamps of pictures known to have been lost
   * @param last the newest before
   * @param next the one that comes
   */
  void lost(int packetCount, String why, List<Long> droppedTicks, Picture last, Picture next) {
    long interval = intervalTicks();
    long sure = next.ticks() - Math.max(0, stepTicks - interval);
    if (!searching) {
      begin(last.ticks() - stepTicks - interval / 2);
    }
    reason = why;
    if (sure - last.ticks() > longTicks) {
      // What is shown before the hole will not come any more either.
      packets = Math.max(packets, Math.min(1, packetCount));
      told = true;
      close(last);
      listener.lost(
          last.nanosAt(last.ticks() + interval, next), last.nanosAt(sure, next), packetCount, why);
      begin(sure);
      times.add(new Picture(sure - interval, last.nanosAt(sure - interval, next)));
      packets = Math.min(1, packetCount);
      told = true;
    } else {
      packets += packetCount;
      dropped.addAll(droppedTicks);
    }
    untilTicks = Math.max(last.ticks(), next.ticks()) + stepTicks - interval / 2;
  }

  private void begin(long fromTicks) {
    searching = true;
    for (Picture each : recent) {
      if (each.ticks() >= fromTicks) {
        times.add(each);
      }
    }
  }

  /** A picture came. */
  void frame(Picture now) {
    Picture last = newest;
    if (searching) {
      boolean passed = last != null && now.ticks() > last.ticks() && last.ticks() >= untilTicks;
      if (last != null && (passed || times.size() >= MAX_TIMES)) {
        close(last);
      } else {
        times.add(now);
      }
    } else if (last != null && now.ticks() > last.ticks()) {
      stepTicks = Math.max(now.ticks() - last.ticks(), stepTicks - stepTicks / STEP_SHARE);
    }
    newest = last == null || now.ticks() > last.ticks() ? now : last;
    recent.addLast(now);
    if (recent.size() > RECENT) {
      recent.removeFirst();
    }
  }

  /**
   * Nothing more comes that belongs to what came so far.
   *
   * @param lately whether something was lost since the last picture
   * @return whether pictures are found missing among those that came
   */
  boolean end(boolean lately, String why) {
    Picture last = newest;
    if (last == null) {
      return false;
    }
    if (lately) {
      if (!searching) {
        begin(last.ticks() - stepTicks - intervalTicks() / 2);
      }
      reason = why;
      packets = Math.max(1, packets);
      told = true;
    }
    return searching && close(last);
  }

  /**
   * Everything up to a picture has come that will.
   *
   * @return whether a picture is missing as far as timestamps tell
   */
  private boolean close(Picture upTo) {
    long interval = intervalTicks();
    boolean found = false;
    times.sort(Comparator.comparingLong(Picture::ticks));
    for (int i = 1; i < times.size() && times.get(i).ticks() <= upTo.ticks(); i++) {
      Picture before = times.get(i - 1);
      Picture after = times.get(i);
      long from = before.ticks() + interval;
      if (after.ticks() - from > interval / 2) {
        tell(before.nanosAt(from, after), after.nanos());
        found = true;
      }
    }
    if (!told) {
      // No picture is missing as far as timestamps tell; one given up all the same is it.
      for (long each : dropped) {
        long from = upTo.nanos() + nanos(each - upTo.ticks());
        tell(from, from + nanos(interval));
      }
    }
    if (!told && packets > 0) {
      tell(upTo.nanos(), upTo.nanos());
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

  private long nanos(long ticks) {
    return Math.round(ticks * nanosPerTick);
  }

  /** The middle one of the distances between the latest pictures as shown; 0 where unknown. */
  private long intervalTicks() {
    return intervalTicks(FEW);
  }

  /**
   * The same of not so many pictures.
   *
   * @param least fewer do not tell, at least 2
   */
  long intervalTicks(int least) {
    long[] shown = recent.stream().mapToLong(Picture::ticks).sorted().toArray();
    if (shown.length < (formerIntervalTicks == 0 ? least : ENOUGH)) {
      return formerIntervalTicks;
    }
    long[] distances = new long[shown.length - 1];
    for (int i = 0; i < distances.length; i++) {
      distances[i] = shown[i + 1] - shown[i];
    }
    Arrays.sort(distances);
    return distances[(distances.length - 1) / 2];
  }
}
