package io.millrace.ingest.signaling.storage;

import java.time.Duration;

/**
 * Limits of storage sessions. The defaults are the service's where it has one.
 *
 * @param maxSessions most sessions of this server; default 1,000
 * @param joinRate joins of a channel in a second, with bursts of as much; 0 is no limit; default 2
 * @param maxAge age at which a session ends; default 1 h
 * @param connectLimit a session whose client has not connected its media by then ends; default 3
 *     min
 * @param masterlessLimit how long viewers stay without a master; zero is no limit; default 3 min
 * @param maxTalkers viewers of a channel whose sound is heard at one time; 0 for nobody; default 3
 */
public record StorageSettings(
    int maxSessions,
    int joinRate,
    Duration maxAge,
    Duration connectLimit,
    Duration masterlessLimit,
    int maxTalkers) {

  /** The documented defaults. */
  public static StorageSettings defaults() {
    return new StorageSettings(
        1_000, 2, Duration.ofHours(1), Duration.ofMinutes(3), Duration.ofMinutes(3), 3);
  }
}
