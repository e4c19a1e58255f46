package io.millrace.playback.timeline;

import io.millrace.media.track.GapReason;
import io.millrace.playback.source.Nanos;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;
import io.millrace.store.fragment.StreamEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Brings together what is stored and what befell the stream: every hole gets its reason, and what
 * is missing inside a fragment becomes a hole.
 */
final class Explanation {
  /** What was lost out of fragments that are stored otherwise. */
  private static final Set<GapReason> CARVED =
      EnumSet.of(GapReason.PACKET_LOSS, GapReason.DECODE_TROUBLE, GapReason.DISK_ERROR);

  /** How far the event that explains a hole may lie beside it: fragments end by estimate. */
  private static final long SLACK_NANOS = 2 * Nanos.PER_SECOND;

  /** A clock that was set leaves a hole up to where it goes on, and no other. */
  private static final long JUMP_SLACK_NANOS = 100 * Nanos.PER_MILLI;

  /** An event that covers most of a hole; the highest kind. */
  private static final int COVERS = 2;

  private final List<StoredRange> ranges = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private final List<Gap> notes = new ArrayList<>();
  private final List<Gap> events = new ArrayList<>();

  /** Events that may explain the hole looked at, and the first that lies too late for it. */
  private final List<Gap> near = new ArrayList<>();

  private int nextEvent;

  /** Where the oldest fragment begins, if older ones were dropped; else {@link Long#MIN_VALUE}. */
  private final long droppedBeforeNanos;

  /**
   * @param stored in time order, none touching another
   * @param startNanos of the range asked for, epoch ns
   * @param endNanos of it, or how far something could be stored by now, epoch ns
   * @param toleranceNanos a hole up to this long that no event explains is none
   */
  Explanation(
      List<StoredRange> stored,
      List<StreamEvent> happened,
      TimeAxis axis,
      long startNanos,
      long endNanos,
      long toleranceNanos,
      long droppedBeforeNanos) {
    this.droppedBeforeNanos = droppedBeforeNanos;
    happened.forEach(event -> sort(event, axis, startNanos, endNanos));
    carve(stored);
    events.sort(Comparator.comparingLong(Gap::startNanos));
    long at = startNanos;
    for (StoredRange range : stored) {
      hole(at, range.startNanos(), toleranceNanos);
      at = Math.max(at, range.endNanos());
    }
    hole(at, endNanos, toleranceNanos);
    gaps.sort(Comparator.comparingLong(Gap::startNanos));
  }

  /** What is stored, with what was lost taken out. */
  List<StoredRange> ranges() {
    return ranges;
  }

  /** Every hole with its reason, in time order. */
  List<Gap> gaps() {
    return gaps;
  }

  /** What is no hole in the whole stream: jumps of the clock, losses of one track. */
  List<Gap> notes() {
    return notes;
  }

  private void sort(StreamEvent event, TimeAxis axis, long startNanos, long endNanos) {
    long duration = event.endNanos() - event.startNanos();
    long end =
        axis == TimeAxis.PRODUCER ? event.endNanos() : event.serverTimeMillis() * Nanos.PER_MILLI;
    long start = end - duration;
    GapReason reason =
        GapReason.of(event.kind() & ~GapReason.PARTIAL).orElse(GapReason.NO_PRODUCER);
    Gap gap = new Gap(start, end, reason, event.count(), event.detail());
    boolean within = end >= startNanos && start <= endNanos;
    if ((event.kind() & GapReason.PARTIAL) != 0) {
      if (within) {
        notes.add(gap);
      }
      return;
    }
    if (reason == GapReason.CLOCK_JUMP && within) {
      notes.add(gap);
    }
    events.add(gap);
  }

  /** Takes out of the stored ranges what was lost inside of them. */
  private void carve(List<StoredRange> stored) {
    List<Gap> lost =
        events.stream()
            .filter(event -> CARVED.contains(event.reason()))
            .filter(event -> event.endNanos() > event.startNanos())
            .sorted(Comparator.comparingLong(Gap::startNanos))
            .toList();
    int next = 0;
    for (StoredRange range : stored) {
      long at = range.startNanos();
      while (next < lost.size() && lost.get(next).endNanos() <= at) {
        next++;
      }
      for (int i = next; i < lost.size() && lost.get(i).startNanos() < range.endNanos(); i++) {
        Gap gap = lost.get(i);
        long from = Math.max(at, gap.startNanos());
        long to = Math.min(range.endNanos(), gap.endNanos());
        if (to <= from) {
          continue;
        }
        if (from > at) {
          ranges.add(range.between(at, from));
        }
        gaps.add(new Gap(from, to, gap.reason(), gap.count(), gap.detail()));
        at = to;
      }
      if (at < range.endNanos()) {
        ranges.add(range.between(at, range.endNanos()));
      }
    }
  }

  /**
   * Holes come in time order, and so each event is looked at while it is near. What covers most of
   * a hole explains it, or else what lies nearest to it. Losses that a hole begins with are told
   * apart from what follows on them.
   */
  private void hole(long from, long to, long toleranceNanos) {
    if (to - from <= toleranceNanos) {
      return;
    }
    while (nextEvent < events.size() && events.get(nextEvent).startNanos() <= to + SLACK_NANOS) {
      near.add(events.get(nextEvent++));
    }
    near.removeIf(event -> event.endNanos() < from - SLACK_NANOS);
    Gap best = null;
    for (Gap event : near) {
      boolean beside =
          event.startNanos() >= from - SLACK_NANOS && event.endNanos() <= to + SLACK_NANOS;
      if ((overlap(event, from, to) > 0 || beside)
          && (event.reason() != GapReason.CLOCK_JUMP
              || Math.abs(event.startNanos() - to) <= JUMP_SLACK_NANOS)
          && (best == null || compare(event, best, from, to) >= 0)) {
        best = event;
      }
    }
    if (to <= droppedBeforeNanos) {
      gaps.add(new Gap(from, to, GapReason.RETENTION, 0, ""));
    } else if (best == null) {
      gaps.add(new Gap(from, to, GapReason.NO_PRODUCER, 0, ""));
    } else if (!CARVED.contains(best.reason())) {
      long begins = lossesFirst(from, to, toleranceNanos);
      gaps.add(new Gap(begins, to, best.reason(), best.count(), best.detail()));
    } else {
      // A loss knows its ends better than the fragments around it, whose ends are estimates.
      long known = chained(best);
      boolean exact =
          kind(best, from, to) == COVERS
              && Math.abs(best.startNanos() - from) <= toleranceNanos
              && Math.abs(known - to) <= toleranceNanos;
      long begins = exact ? Math.max(from, best.startNanos()) : from;
      long ends = exact ? Math.min(to, known) : to;
      gaps.add(new Gap(begins, ends, best.reason(), best.count(), best.detail()));
    }
  }

  /** What was lost last before a source left or its clock was set; returns where that ends. */
  private long lossesFirst(long from, long to, long toleranceNanos) {
    long at = from;
    for (Gap event : near) {
      if (CARVED.contains(event.reason())
          && event.startNanos() - at <= toleranceNanos
          && event.endNanos() > at
          && event.endNanos() < to) {
        long begins = Math.max(at, event.startNanos());
        gaps.add(new Gap(begins, event.endNanos(), event.reason(), event.count(), event.detail()));
        at = event.endNanos();
      }
    }
    return at;
  }

  /** Where the losses end that follow on a loss without a stretch between them. */
  private long chained(Gap loss) {
    long end = loss.endNanos();
    for (Gap event : near) {
      if (CARVED.contains(event.reason()) && event.startNanos() <= end + Nanos.PER_MILLI) {
        end = Math.max(end, event.endNanos());
      }
    }
    return end;
  }

  /** How much of a hole an event covers; below zero how far it is from it. */
  private static long overlap(Gap event, long from, long to) {
    return Math.min(to, event.endNanos()) - Math.max(from, event.startNanos());
  }

  private static int compare(Gap event, Gap other, long from, long to) {
    int byKind = Integer.compare(kind(event, from, to), kind(other, from, to));
    return byKind != 0 ? byKind : Long.compare(overlap(event, from, to), overlap(other, from, to));
  }

  /** What covers most of the hole comes first, then the end of a source, then a loss beside it. */
  private static int kind(Gap event, long from, long to) {
    if (overlap(event, from, to) > (to - from) / 2) {
      return COVERS;
    }
    return CARVED.contains(event.reason()) ? 0 : 1;
  }
}
