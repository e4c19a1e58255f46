package io.millrace.ingest.rtp.clock;

import java.time.Duration;

/**
 * Which clocks are believed.
 *
 * @param useCamera whether the camera's own clock is used where it tells it; else server time
 * @param maxOffset furthest that a camera's clock may be from the server's to be believed; default
 *     24 h
 * @param jumpTolerance a move of times above this is a jump and told; default 100 ms
 */
public record ClockSettings(boolean useCamera, Duration maxOffset, Duration jumpTolerance) {
  /** The documented defaults. */
  public static ClockSettings defaults() {
    return new ClockSettings(true, Duration.ofHours(24), Duration.ofMillis(100));
  }
}
