package io.millrace.ingest.rtsp.server;

import io.millrace.ingest.feed.Feeds;
import io.millrace.ingest.outbound.FrameSource;
import io.millrace.ingest.rtsp.auth.ServerAuthentication;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * What all connections share.
 *
 * @param feeds where pushed frames go
 * @param frames where frames for readers come from
 * @param sessions limit of sessions
 * @param random thread-safe
 */
record RtspEnvironment(
    Vertx vertx,
    RtspSettings settings,
    Feeds feeds,
    FrameSource frames,
    ServerAuthentication authentication,
    UdpTransport.Ports ports,
    Places sessions,
    RtspMetrics metrics,
    InstantSource clock,
    RandomGenerator random) {
  /** Server time, epoch ns. */
  long nowEpochNanos() {
    var now = clock.instant();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }
}
