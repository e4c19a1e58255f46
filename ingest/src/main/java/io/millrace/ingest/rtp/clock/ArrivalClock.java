package io.millrace.ingest.rtp.clock;

/**
 * Times of frames by the server's clock: they follow the RTP timestamps, and lie as early as the
 * quickest arrivals of the last seconds allow, so that jitter of the network does not move them.
 * Where a quick arrival shows that times were too late they go on slower for a while, never back.
 * The rate is measured too, for cameras whose RTP clock is clearly off. Not thread-safe.
 */
final class ArrivalClock {
  private static final long WINDOW_NANOS = 5_000_000_000L;

  /** A rate that is off by less than this cannot be told from changing delays. */
  private static final double CLEARLY_OFF = 0.01;

  /** What is left of the pace of times while they are too late. */
  private static final double SLOWED = 0.5;

  private final double nominalNanosPerTick;
  private double nanosPerTick;
  private boolean begun;
  private long anchorTicks;
  private long anchorNanos;

  /** The quickest arrival of the window now, and of the first window. */
  private long windowTicks;

  private long windowNanos;
  private long windowDelay = Long.MAX_VALUE;
  private long windowBeganNanos;
  private boolean hasFirst;
  private long firstTicks;
  private long firstNanos;
  private long worstDelayNanos;

  /** The latest frame that was given a time. */
  private boolean given;

  private long givenTicks;

  /** Where times left the line through the quickest arrivals, which goes below them. */
  private boolean left;

  private long leftTicks;
  private long leftNanos;

  ArrivalClock(int clockRate) {
    nominalNanosPerTick = 1e9 / clockRate;
    nanosPerTick = nominalNanosPerTick;
  }

  void restart() {
    begun = false;
    hasFirst = false;
    given = false;
    left = false;
    windowDelay = Long.MAX_VALUE;
    nanosPerTick = nominalNanosPerTick;
    worstDelayNanos = 0;
  }

  /** A frame is whole; epoch ns at which it was captured, as far as arrivals tell. */
  long time(long ticks, long arrivalNanos) {
    arrived(ticks, arrivalNanos);
    worstDelayNanos = Math.max(worstDelayNanos - worstDelayNanos / 64, arrivalNanos - line(ticks));
    long time = at(ticks);
    if (!given || ticks > givenTicks) {
      given = true;
      givenTicks = ticks;
    }
    return time;
  }

  /** A packet arrived, perhaps before others that were sent earlier. */
  void arrived(long ticks, long arrivalNanos) {
    if (!begun) {
      begun = true;
      anchorTicks = ticks;
      anchorNanos = arrivalNanos;
      windowBeganNanos = arrivalNanos;
    }
    long delay = arrivalNanos - line(ticks);
    if (delay < 0) {
      leaveLine();
      anchorNanos += delay;
      windowDelay = Long.MAX_VALUE;
      delay = 0;
    }
    if (delay < windowDelay) {
      windowDelay = delay;
      windowTicks = ticks;
      windowNanos = arrivalNanos;
    }
    if (arrivalNanos - windowBeganNanos >= WINDOW_NANOS) {
      closeWindow(arrivalNanos);
    }
  }

  /** The line moves; times go on from where they are. */
  private void leaveLine() {
    if (given) {
      leftNanos = at(givenTicks);
      leftTicks = givenTicks;
      left = true;
    }
  }

  private void closeWindow(long nowNanos) {
    leaveLine();
    if (!hasFirst) {
      hasFirst = true;
      firstTicks = windowTicks;
      firstNanos = windowNanos;
    } else if (windowTicks - firstTicks > 0) {
      double rate = (windowNanos - firstNanos) / (double) (windowTicks - firstTicks);
      if (Math.abs(rate / nominalNanosPerTick - 1) > CLEARLY_OFF) {
        nanosPerTick = rate;
      }
    }
    anchorTicks = windowTicks;
    anchorNanos = windowNanos;
    windowDelay = Long.MAX_VALUE;
    windowBeganNanos = nowNanos;
  }

  private long line(long ticks) {
    return anchorNanos + Math.round((ticks - anchorTicks) * nanosPerTick);
  }

  private long at(long ticks) {
    if (!left) {
      return line(ticks);
    }
    double since = (ticks - leftTicks) * nanosPerTick;
    return since <= 0
        ? leftNanos + Math.round(since)
        : Math.max(line(ticks), leftNanos + Math.round(since * SLOWED));
  }

  /** Nanoseconds of a tick as measured, or nominal while that is not clearly off. */
  double nanosPerTick() {
    return nanosPerTick;
  }

  /** How much later than the quickest some frames came lately. */
  long errorNanos() {
    return worstDelayNanos;
  }
}
