package io.millrace.datastreams.capacity;

/**
 * Allows a rate with bursts of one second's worth. Something larger than that passes when the
 * bucket is full, and what follows waits until it is paid for. Thread-safe.
 */
public final class TokenBucket {
  private static final double NANOS_PER_SECOND = 1e9;

  private final double perSecond;
  private double tokens;
  private long filledNanos;

  /**
   * @param perSecond rate, and size of the bucket; 0 or less allows everything
   * @param nowNanos {@link System#nanoTime()}
   */
  public TokenBucket(double perSecond, long nowNanos) {
    this.perSecond = perSecond;
    this.tokens = perSecond;
    this.filledNanos = nowNanos;
  }

  /** Whether an amount may pass now; it is taken if so. */
  public synchronized boolean tryTake(long amount, long nowNanos) {
    if (perSecond <= 0) {
      return true;
    }
    fill(nowNanos);
    if (tokens < Math.min((double) amount, perSecond)) {
      return false;
    }
    tokens -= amount;
    return true;
  }

  /** Takes an amount whether it is there or not; what follows waits for it. */
  public synchronized void take(long amount, long nowNanos) {
    if (perSecond > 0) {
      fill(nowNanos);
      tokens -= amount;
    }
  }

  /** Gives back what was taken and not used. */
  public synchronized void giveBack(long amount) {
    tokens = Math.min(perSecond, tokens + amount);
  }

  /** Nanoseconds until something passes again; 0 if it would now. */
  public synchronized long waitNanos(long nowNanos) {
    if (perSecond <= 0) {
      return 0;
    }
    fill(nowNanos);
    return tokens > 0 ? 0 : (long) Math.ceil((1 - tokens) / perSecond * NANOS_PER_SECOND);
  }

  private void fill(long nowNanos) {
    tokens = Math.min(perSecond, tokens + (nowNanos - filledNanos) / NANOS_PER_SECOND * perSecond);
    filledNanos = nowNanos;
  }
}
