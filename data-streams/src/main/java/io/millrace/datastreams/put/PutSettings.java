package io.millrace.datastreams.put;

import java.time.Duration;

/**
 * Limits of PutRecord and PutRecords.
 *
 * @param maxRequestBytes data and keys of one PutRecords call
 * @param busyTimeout how long a call waits for room in a store that is behind
 */
public record PutSettings(int maxRequestBytes, Duration busyTimeout) {
  /** The service's limits. */
  public static final PutSettings DEFAULTS = new PutSettings(10 << 20, Duration.ofSeconds(10));
}
