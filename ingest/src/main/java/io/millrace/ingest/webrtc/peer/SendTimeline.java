package io.millrace.ingest.webrtc.peer;

/**
 * From capture times to the times that a viewer plays by. A reading begins at the newest keyframe,
 * which is some seconds old, and what came since then is sent at once: a viewer who played that at
 * its own pace would stay so far behind. So those frames are squeezed together, and real time
 * begins where the reading has caught up. Not thread-safe.
 */
final class SendTimeline {
  /** How much faster than real time the frames before the live edge are shown. */
  private static final long SQUEEZE = 30;

  private long firstCapture = Long.MIN_VALUE;
  private long lastCapture;
  private long lastNanos;
  private long caughtUpAt = Long.MAX_VALUE;

  /**
   * A video frame is about to be sent.
   *
   * @param captureNanos when it was taken
   * @param nowNanos on the clock of {@link System#nanoTime}
   */
  void frame(long captureNanos, long nowNanos) {
    if (firstCapture == Long.MIN_VALUE) {
      firstCapture = captureNanos;
    } else if (!isLive() && nowNanos - lastNanos >= (captureNanos - lastCapture) / 2) {
      // The reading made us wait: there is nothing older left.
      caughtUpAt = lastCapture;
    }
    lastCapture = Math.max(lastCapture, captureNanos);
    lastNanos = nowNanos;
  }

  /** Whether the reading has caught up. */
  boolean isLive() {
    return caughtUpAt != Long.MAX_VALUE;
  }

  /** Time since the beginning at which a viewer should show what was captured then. */
  long presentationNanos(long captureNanos) {
    long squeezed = Math.min(captureNanos, caughtUpAt) - firstCapture;
    long real = isLive() ? Math.max(0, captureNanos - caughtUpAt) : 0;
    return squeezed / SQUEEZE + real;
  }
}
