package io.millrace.ingest.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts of durations by bucket. Thread-safe. */
public final class LatencyHistogram {
  private static final double[] BOUNDS_MILLIS = {
    0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000
  };

  private final LongAdder[] counts = new LongAdder[BOUNDS_MILLIS.length + 1];
  private final LongAdder sumNanos = new LongAdder();

  LatencyHistogram() {
    Arrays.setAll(counts, i -> new LongAdder());
  }

  /** Adds one duration. */
  public void record(long nanos) {
    int bucket = 0;
    while (bucket < BOUNDS_MILLIS.length && nanos > BOUNDS_MILLIS[bucket] * 1e6) {
      bucket++;
    }
    counts[bucket].increment();
    sumNanos.add(nanos);
  }

  /** Upper bounds of all buckets but the last, which has none, in milliseconds. */
  public static List<Double> boundsMillis() {
    return Arrays.stream(BOUNDS_MILLIS).boxed().toList();
  }

  /** Durations in each bucket, one more than there are bounds. */
  public List<Long> counts() {
    return Arrays.stream(counts).map(LongAdder::sum).toList();
  }

  /** Sum of all durations. */
  public long sumNanos() {
    return sumNanos.sum();
  }
}
