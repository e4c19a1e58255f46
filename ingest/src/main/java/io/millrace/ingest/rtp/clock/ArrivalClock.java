package io.millrace.ingest.rtp.clock;

/**
 * Times of frames by the server's clock: they follow the RTP timestamps, and lie as early as the
 * quickest arrivals of the last seconds allow, so that jitter of the network does not move them.
 * The rate is measured too, for cameras whose RTP clock is clearly off. Not thread-safe.
 */
final class ArrivalClock {
  private static final long WINDOW_NANOS = 5_000_000_000L;

  /** A rate that is off by less than this cannot be told from changing delays. */
  private static final double CLEARLY_OFF = 0.01;

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

  ArrivalClock(int clockRate) {
    nominalNanosPerTick = 1e9 / clockRate;
    nanosPerTick = nominalNanosPerTick;
  }

  void restart() {
    begun = false;
    hasFirst = false;
    windowDelay = Long.MAX_VALUE;
    nanosPerTick = nominalNanosPerTick;
    worstDelayNanos = 0;
  }

  /** A frame arrived; epoch ns at which it was captured, as far as arrivals tell. */
  long time(long ticks, long arrivalNanos) {
    if (!begun) {
      begun = true;
      anchorTicks = ticks;
      anchorNanos = arrivalNanos;
      windowBeganNanos = arrivalNanos;
    }
    long delay = arrivalNanos - at(ticks);
    if (delay < 0) {
      anchorNanos += delay;
      windowDelay = Long.MAX_VALUE;
      delay = 0;
    }
    worstDelayNanos = Math.max(worstDelayNanos - worstDelayNanos / 64, delay);
    if (delay < windowDelay) {
      windowDelay = delay;
      windowTicks = ticks;
      windowNanos = arrivalNanos;
    }
    if (arrivalNanos - windowBeganNanos >= WINDOW_NANOS) {
      closeWindow(arrivalNanos);
    }
    return at(ticks);
  }

  private void closeWindow(long nowNanos) {
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

  private long at(long ticks) {
    return anchorNanos + Math.round((ticks - anchorTicks) * nanosPerTick);
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
