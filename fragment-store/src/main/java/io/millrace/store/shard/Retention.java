package io.millrace.store.shard;

import java.time.Duration;

/**
 * How long a stream keeps its records. They are dropped when either limit is passed, in whole
 * extents, oldest first.
 *
 * @param age records older than this may be dropped
 * @param maxBytes bytes on disk beyond which the oldest are dropped
 */
public record Retention(Duration age, long maxBytes) {
  /** Keeps everything. */
  public static final Retention FOREVER =
      new Retention(Duration.ofMillis(Long.MAX_VALUE), Long.MAX_VALUE);

  public Retention {
    if (age.isNegative() || age.isZero() || maxBytes <= 0) {
      throw new IllegalArgumentException("retention of " + age + " and " + maxBytes + " bytes");
    }
  }
}
