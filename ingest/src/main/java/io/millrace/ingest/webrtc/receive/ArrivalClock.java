package io.millrace.ingest.webrtc.receive;

/**
 * Capture times by the server's clock: the first frame is taken to be captured as it arrives, the
 * others are placed by their RTP timestamps. The sender's clock runs a little faster or slower; the
 * least delay of each ten seconds shows by how much, and the times follow it slowly. Not
 * thread-safe.
 */
public final class ArrivalClock {
  private static final long WINDOW_NANOS = 10_000_000_000L;

  /** Most that times are moved in one window: 500 parts in a million. */
  private static final long MAX_CORRECTION_NANOS = 5_000_000;

  /** A frame so far from its arrival belongs to a sender that paused or began anew. */
  private static final long RESTART_NANOS = 5_000_000_000L;

  private final int clockRate;
  private boolean anchored;
  private long anchorTimestamp;
  private long anchorNanos;
  private long windowEnd;
  private long leastDelay = Long.MAX_VALUE;

  public ArrivalClock(int clockRate) {
    this.clockRate = clockRate;
  }

  /**
   * When a frame was captured.
   *
   * @param timestamp unwrapped RTP timestamp
   * @param arrivalNanos epoch ns at which it was complete
   * @return epoch ns
   */
  public long captureNanos(long timestamp, long arrivalNanos) {
    if (!anchored || Math.abs(arrivalNanos - at(timestamp)) > RESTART_NANOS) {
      anchored = true;
      anchorTimestamp = timestamp;
      anchorNanos = arrivalNanos;
      windowEnd = arrivalNanos + WINDOW_NANOS;
      leastDelay = Long.MAX_VALUE;
    }
    leastDelay = Math.min(leastDelay, arrivalNanos - at(timestamp));
    if (arrivalNanos >= windowEnd) {
      anchorNanos += Math.clamp(leastDelay, -MAX_CORRECTION_NANOS, MAX_CORRECTION_NANOS);
      windowEnd = arrivalNanos + WINDOW_NANOS;
      leastDelay = Long.MAX_VALUE;
    }
    return at(timestamp);
  }

  private long at(long timestamp) {
    long ticks = timestamp - anchorTimestamp;
    long seconds = Math.floorDiv(ticks, clockRate);
    long rest = Math.floorMod(ticks, clockRate);
    return anchorNanos + seconds * 1_000_000_000L + rest * 1_000_000_000L / clockRate;
  }
}
