package io.millrace.playback.timeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Merges fragments, mostly given in time order, into ranges without gaps. Not thread-safe. */
final class StoredRanges {
  private final long toleranceNanos;
  private final List<StoredRange> ranges = new ArrayList<>();

  StoredRanges(long toleranceNanos) {
    this.toleranceNanos = toleranceNanos;
  }

  void add(StoredRange next) {
    if (!ranges.isEmpty() && ranges.getLast().touches(next, toleranceNanos)) {
      ranges.set(ranges.size() - 1, ranges.getLast().joined(next));
    } else {
      ranges.add(next);
    }
  }

  /** Stretches so far, before those given out of order are merged. */
  int size() {
    return ranges.size();
  }

  /** In time order, none touching another. */
  List<StoredRange> merged() {
    List<StoredRange> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingLong(StoredRange::startNanos));
    List<StoredRange> merged = new ArrayList<>(sorted.size());
    for (StoredRange range : sorted) {
      if (!merged.isEmpty() && merged.getLast().touches(range, toleranceNanos)) {
        merged.set(merged.size() - 1, merged.getLast().joined(range));
      } else {
        merged.add(range);
      }
    }
    return merged;
  }
}
