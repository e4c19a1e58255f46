package io.millrace.api.wire;

import java.time.Duration;

/**
 * Limits of the router.
 *
 * @param maxJsonBodyBytes largest body of a JSON operation; default 1 MiB
 * @param maxJsonDepth deepest nesting of a JSON body; default 32
 * @param bodyTimeout how long a client may take to send a JSON body; default 30 s
 * @param discardBytes how much of a refused body is read and dropped so that the client sees the
 *     answer; default 1 MiB, beyond it the connection is closed
 * @param discardTimeout how long that may take; default 2 s
 * @param corsOrigin value of {@code Access-Control-Allow-Origin}; default {@code *}
 */
public record RouterSettings(
    int maxJsonBodyBytes,
    int maxJsonDepth,
    Duration bodyTimeout,
    int discardBytes,
    Duration discardTimeout,
    String corsOrigin) {
  /** The documented defaults. */
  public static RouterSettings defaults() {
    return new RouterSettings(
        1 << 20, 32, Duration.ofSeconds(30), 1 << 20, Duration.ofSeconds(2), "*");
  }
}
