package io.millrace.ingest.putmedia;

import io.millrace.ingest.fragmenter.FragmenterSettings;
import java.time.Duration;
import java.util.List;

/**
 * Limits of PutMedia.
 *
 * @param fragmenter limits of fragments
 * @param maxConnections producers at one time; more are refused; default 2,000
 * @param maxUnpersistedBytes complete fragments of one producer that wait to become durable; above
 *     it its connection is paused; default 16 MiB
 * @param maxBufferedBytes bytes of open and unpersisted fragments of all producers; a producer that
 *     would exceed it fails; default 1 GiB
 * @param busyRetry pause before a store that was busy and got ready is asked again; default 2 ms
 * @param busyTimeout how long a store may be busy before a fragment fails; default 30 s
 * @param quietAfter silence after which a fragment that only waits for tags is taken as complete;
 *     default 1 s
 * @param idleAckInterval silence between IDLE acknowledgements; default 5 s
 * @param idleLimit silence after which the connection is closed; default 30 s
 * @param maxConnectionDuration age at which a connection is told to begin anew; default 12 h (the
 *     service cuts after about 45 min, which costs its producers a replay each time)
 * @param staleAfter silence after which a connection gives way to a newer one of the same stream;
 *     default 3 s
 * @param overlapLimit how long two connections of one stream may both send; default 60 s
 */
public record PutMediaSettings(
    FragmenterSettings fragmenter,
    int maxConnections,
    int maxUnpersistedBytes,
    long maxBufferedBytes,
    Duration busyRetry,
    Duration busyTimeout,
    Duration quietAfter,
    Duration idleAckInterval,
    Duration idleLimit,
    Duration maxConnectionDuration,
    Duration staleAfter,
    Duration overlapLimit) {

  /**
   * How often a session looks at its clock: as often as the shortest of its limits asks for, but
   * not more than once a second at the usual ones, since every producer costs a timer.
   */
  long tickMillis() {
    long shortest = 1_000;
    for (Duration limit :
        List.of(quietAfter, idleAckInterval, idleLimit, maxConnectionDuration, staleAfter)) {
      shortest = Math.min(shortest, limit.toMillis());
    }
    return Math.max(50, Math.min(shortest, overlapLimit.toMillis()));
  }

  /** The documented defaults. */
  public static PutMediaSettings defaults() {
    return new PutMediaSettings(
        FragmenterSettings.defaults(),
        2_000,
        16 << 20,
        1L << 30,
        Duration.ofMillis(2),
        Duration.ofSeconds(30),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofHours(12),
        Duration.ofSeconds(3),
        Duration.ofSeconds(60));
  }
}
