package io.millrace.store.stream;

import io.millrace.store.shard.Retention;
import java.time.Duration;

/**
 * Limits of the catalogue.
 *
 * @param liveBufferAge how long a stream with retention 0 keeps a fragment
 * @param liveBufferBytes bytes on disk a stream with retention 0 keeps
 * @param eventsBetweenSnapshots events after which the whole state is written
 */
public record CatalogSettings(
    Duration liveBufferAge, long liveBufferBytes, int eventsBetweenSnapshots) {
  /** The defaults. */
  public static final CatalogSettings DEFAULTS =
      new CatalogSettings(Duration.ofMinutes(5), 200_000_000, 1000);

  public CatalogSettings {
    if (!liveBufferAge.isPositive() || liveBufferBytes <= 0 || eventsBetweenSnapshots < 1) {
      throw new IllegalArgumentException("catalogue setting out of range");
    }
  }

  /** What a retention in hours means to the log. */
  Retention retention(int hours) {
    return hours == 0
        ? new Retention(liveBufferAge, liveBufferBytes)
        : new Retention(Duration.ofHours(hours), Long.MAX_VALUE);
  }
}
