package io.millrace.ingest.signaling.relay;

/** Allows a rate, with bursts of one second's worth. Thread-safe. */
public final class CallRate {
  private static final double NANOS_PER_SECOND = 1e9;

  private final int perSecond;
  private double left;
  private long filledNanos;

  /**
   * @param perSecond 0 allows everything
   * @param nowNanos {@link System#nanoTime()}
   */
  public CallRate(int perSecond, long nowNanos) {
    this.perSecond = perSecond;
    left = perSecond;
    filledNanos = nowNanos;
  }

  /** Whether one more may pass now. */
  public synchronized boolean tryTake(long nowNanos) {
    if (perSecond == 0) {
      return true;
    }
    left = Math.min(perSecond, left + (nowNanos - filledNanos) / NANOS_PER_SECOND * perSecond);
    filledNanos = nowNanos;
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
