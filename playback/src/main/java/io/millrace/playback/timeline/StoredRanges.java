package io.millrace.playback.timeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Merges fragments, mostly given in time order, into ranges without gaps. Not thread-safe. */
final class StoredRanges {
  /**
   * A stretch of stored media.
   *
   * @param startNanos epoch ns
   * @param endNanos epoch ns
   * @param fragments how many it is made of
   */
  record Range(long startNanos, long endNanos, int fragments) {}

  private final long toleranceNanos;
  private final List<Range> ranges = new ArrayList<>();

  StoredRanges(long toleranceNanos) {
    this.toleranceNanos = toleranceNanos;
  }

  void add(long startNanos, long endNanos) {
    Range next = new Range(startNanos, endNanos, 1);
    if (!ranges.isEmpty() && touches(ranges.getLast(), next)) {
      ranges.set(ranges.size() - 1, joined(ranges.getLast(), next));
    } else {
      ranges.add(next);
    }
  }

  private boolean touches(Range a, Range b) {
    return a.startNanos <= b.endNanos + toleranceNanos
        && b.startNanos <= a.endNanos + toleranceNanos;
  }

  private static Range joined(Range a, Range b) {
    return new Range(
        Math.min(a.startNanos, b.startNanos),
        Math.max(a.endNanos, b.endNanos),
        a.fragments + b.fragments);
  }

  /** Stretches so far, before those given out of order are merged. */
  int size() {
    return ranges.size();
  }

  /** In time order, none touching another. */
  List<Range> merged() {
    List<Range> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingLong(Range::startNanos));
    List<Range> merged = new ArrayList<>(sorted.size());
    for (Range range : sorted) {
      if (!merged.isEmpty() && touches(merged.getLast(), range)) {
        merged.set(merged.size() - 1, joined(merged.getLast(), range));
      } else {
        merged.add(range);
      }
    }
    return merged;
  }
}
