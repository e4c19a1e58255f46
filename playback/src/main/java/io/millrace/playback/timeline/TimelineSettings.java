package io.millrace.playback.timeline;

import java.time.Duration;

/**
 * Limits of the timeline.
 *
 * @param gapTolerance a hole up to this long is not a gap
 * @param defaultSpan looked at when no start is given
 * @param maxFragments index entries looked at for one answer; with more it ends early and says so
 * @param maxRanges ranges in one answer; with more it ends early and says so
 * @param maxEvents events looked at for one answer; with more it says so
 */
public record TimelineSettings(
    Duration gapTolerance, Duration defaultSpan, int maxFragments, int maxRanges, int maxEvents) {
  /** 1 s, 24 hours, 200,000 fragments, 5,000 ranges, 20,000 events. */
  public static TimelineSettings defaults() {
    return new TimelineSettings(
        Duration.ofSeconds(1), Duration.ofHours(24), 200_000, 5_000, 20_000);
  }
}
