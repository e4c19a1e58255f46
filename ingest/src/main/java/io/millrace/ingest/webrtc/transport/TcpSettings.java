package io.millrace.ingest.webrtc.transport;

import java.time.Duration;

/**
 * Settings of the TCP port.
 *
 * @param maxConnections connections at one time
 * @param claimTimeout how long a connection may stay without a proper first request
 * @param maxQueuedBytes bytes that may wait to be sent on a connection; more is dropped
 */
public record TcpSettings(int maxConnections, Duration claimTimeout, int maxQueuedBytes) {
  /** 1,000 connections, 5 s, 1 MiB. */
  public static TcpSettings defaults() {
    return new TcpSettings(1000, Duration.ofSeconds(5), 1 << 20);
  }
}
