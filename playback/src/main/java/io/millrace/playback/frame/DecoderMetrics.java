package io.millrace.playback.frame;

import java.util.concurrent.atomic.LongAdder;

/** Figures of the decoder pool; counts since start unless said otherwise. */
public final class DecoderMetrics {
  /** Jobs answered, with or without pictures. */
  public final LongAdder jobs = new LongAdder();

  /** Jobs refused because the queue was full. */
  public final LongAdder refused = new LongAdder();

  /** Jobs that failed as a whole. */
  public final LongAdder failed = new LongAdder();

  /** Pictures encoded. */
  public final LongAdder pictures = new LongAdder();

  /** AAC frames encoded. */
  public final LongAdder soundFrames = new LongAdder();

  /** Nanoseconds that workers spent on jobs, with the transfer over the pipes. */
  public final LongAdder busyNanos = new LongAdder();

  /** Worker processes started. */
  public final LongAdder workersStarted = new LongAdder();

  /** Workers that died or were killed in the middle of a job. */
  public final LongAdder workersLost = new LongAdder();

  /** Workers replaced because of their age or memory. */
  public final LongAdder workersRetired = new LongAdder();
}
