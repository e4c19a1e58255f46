package io.millrace.datastreams.read;

import java.time.Duration;

/**
 * Limits of polling.
 *
 * @param maxBytes data and keys of one GetRecords answer
 * @param iteratorLife how long a shard iterator is good
 */
public record ReadSettings(int maxBytes, Duration iteratorLife) {
  /** Most records of one answer (Kinesis API reference, GetRecords). */
  public static final int MAX_RECORDS = 10_000;

  /** The service's limits. */
  public static final ReadSettings DEFAULTS = new ReadSettings(10 << 20, Duration.ofMinutes(5));
}
