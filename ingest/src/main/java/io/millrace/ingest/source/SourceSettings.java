package io.millrace.ingest.source;

import java.time.Duration;

/**
 * How sources are pulled.
 *
 * @param maxSources most sources; default 1,000
 * @param firstRetry pause before the first new attempt; default 1 s
 * @param maxRetry longest pause, which doubles each time; default 30 s
 * @param steadyAfter a connection that lasted this long begins again with the first pause; default
 *     30 s
 * @param silence without media that ends a connection; default 10 s
 * @param maxProbes at one time; default 8
 */
public record SourceSettings(
    int maxSources,
    Duration firstRetry,
    Duration maxRetry,
    Duration steadyAfter,
    Duration silence,
    int maxProbes) {
  /** The documented defaults. */
  public static SourceSettings defaults() {
    return new SourceSettings(
        1000,
        Duration.ofSeconds(1),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        8);
  }
}
