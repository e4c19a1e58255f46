package io.millrace.playback.timeline;

import io.millrace.media.mkv.CaptureTraits;
import io.millrace.media.track.ClockSource;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of stored media.
 *
 * @param startNanos epoch ns
 * @param endNanos epoch ns
 * @param fragments how many it is made of
 * @param clock whose clock its times are from; null where its fragments differ
 * @param errorClass the worst of its fragments, see {@link CaptureTraits}
 */
record StoredRange(
    long startNanos, long endNanos, int fragments, @Nullable ClockSource clock, int errorClass) {

  /** One fragment. */
  static StoredRange of(long startNanos, long endNanos, CaptureTraits capture) {
    return new StoredRange(startNanos, endNanos, 1, capture.clock(), capture.errorClass());
  }

  boolean touches(StoredRange other, long toleranceNanos) {
    return startNanos <= other.endNanos + toleranceNanos
        && other.startNanos <= endNanos + toleranceNanos;
  }

  StoredRange joined(StoredRange other) {
    return new StoredRange(
        Math.min(startNanos, other.startNanos),
        Math.max(endNanos, other.endNanos),
        fragments + other.fragments,
        clock == other.clock ? clock : null,
        Math.max(errorClass, other.errorClass));
  }

  /** The same with other ends. */
  StoredRange between(long start, long end) {
    return new StoredRange(start, end, fragments, clock, errorClass);
  }
}
