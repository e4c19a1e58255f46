package io.millrace.api.wire;

import java.time.Duration;

/**
 * Limits of the router.
 *
 * @param maxBodyBytes largest body of an operation, as sent and inflated, where the service sets no
 *     limit of its own; default 1 MiB
 * @param maxDepth deepest nesting of a body; default 32
 * @param maxTokens most values, names, starts and ends of objects and lists in one body; default
 *     500,000
 * @param maxBufferedBytes bodies of all requests in flight together; beyond it requests are told to
 *     come again; default 256 MiB
 * @param bodyTimeout how long a client may take to send such a body; default 30 s
 * @param gzipMinBytes smallest answer of a targeted service that is compressed for a client that
 *     accepts gzip; default 1 KiB
 * @param discardBytes how much of a refused body is read and dropped so that the client sees the
 *     answer; default 1 MiB, beyond it the connection is closed
 * @param discardTimeout how long that may take; default 2 s
 * @param corsOrigin value of {@code Access-Control-Allow-Origin}; default {@code *}
 */
public record RouterSettings(
    int maxBodyBytes,
    int maxDepth,
    int maxTokens,
    long maxBufferedBytes,
    Duration bodyTimeout,
    int gzipMinBytes,
    int discardBytes,
    Duration discardTimeout,
    String corsOrigin) {
  /** The documented defaults. */
  public static RouterSettings defaults() {
    return new RouterSettings(
        1 << 20,
        32,
        500_000,
        256L << 20,
        Duration.ofSeconds(30),
        1024,
        1 << 20,
        Duration.ofSeconds(2),
        "*");
  }
}
