package io.millrace.ingest.webrtc.peer;

/**
 * From capture times to the times that a viewer plays by. A reading begins at the newest keyframe,
 * which is some seconds old, and what came since then is sent at once: a viewer who played that at
 * its own pace would stay so far behind. So those frames are squeezed together, and real time
 * begins where the reading has caught up. Capture times that leap, as when another camera goes on
 * with the stream or a clock is set, do not make a viewer wait. Not thread-safe.
 */
final class SendTimeline {
  /** How much faster than real time the frames before the live edge are shown. */
  private static final long SQUEEZE = 30;

  /** No reading makes us wait so long for what is there already. */
  private static final long WAITED_NANOS = 1_000_000_000L;

  /** Capture times and our clock may part so far between two frames. */
  private static final long LEAP_NANOS = 2_000_000_000L;

  private long firstCapture = Long.MIN_VALUE;
  private long lastCapture;
  private long lastNanos;
  private long caughtUpAt = Long.MAX_VALUE;

  /** When the frame at {@link #caughtUpAt} is shown. */
  private long liveFrom;

  /**
   * A video frame is about to be sent.
   *
   * @param captureNanos when it was taken
   * @param nowNanos on the clock of {@link System#nanoTime}
   */
  void frame(long captureNanos, long nowNanos) {
    if (firstCapture == Long.MIN_VALUE) {
      firstCapture = captureNanos;
      lastCapture = captureNanos;
    } else {
      long waited = nowNanos - lastNanos;
      if (!isLive() && waited >= Math.min((captureNanos - lastCapture) / 2, WAITED_NANOS)) {
        // The reading made us wait: there is nothing older left.
        live(lastCapture, (lastCapture - firstCapture) / SQUEEZE);
      }
      if (isLive() && Math.abs(captureNanos - lastCapture - waited) > LEAP_NANOS) {
        live(captureNanos, presentationNanos(lastCapture) + waited);
        lastCapture = captureNanos;
      }
    }
    lastCapture = Math.max(lastCapture, captureNanos);
    lastNanos = nowNanos;
  }

  private void live(long captureNanos, long shownNanos) {
    liveFrom = shownNanos;
    caughtUpAt = captureNanos;
  }

  /** Whether the reading has caught up. */
  boolean isLive() {
    return caughtUpAt != Long.MAX_VALUE;
  }

  /** Time since the beginning at which a viewer should show what was captured then. */
  long presentationNanos(long captureNanos) {
    return isLive()
        ? liveFrom + Math.max(0, captureNanos - caughtUpAt)
        : (captureNanos - firstCapture) / SQUEEZE;
  }
}
