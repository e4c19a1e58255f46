package io.millrace.playback.reading;

import java.time.Duration;

/**
 * Limits of readings.
 *
 * @param startWait how long a live reading of a stream without media waits for the first frames;
 *     default 10 s
 * @param gapTolerance a hole up to this long between two fragments is no gap; default 1 s
 * @param maxReadings open at one time; default 1,000
 */
public record ReadingSettings(Duration startWait, Duration gapTolerance, int maxReadings) {
  /** The documented defaults. */
  public static ReadingSettings defaults() {
    return new ReadingSettings(Duration.ofSeconds(10), Duration.ofSeconds(1), 1000);
  }
}
