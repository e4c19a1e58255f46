package io.millrace.ingest.webrtc.dtls;

import java.time.Duration;

/**
 * Settings of DTLS.
 *
 * @param handshakesAtOnce handshakes that run at one time; further ones wait
 * @param handshakeTimeout how long one may take, waiting included
 * @param retransmit pause before a flight is sent again; doubles each time
 * @param maxQueuedRecords datagrams of one peer that may wait to be read
 */
public record DtlsSettings(
    int handshakesAtOnce, Duration handshakeTimeout, Duration retransmit, int maxQueuedRecords) {
  /** 64 handshakes, 15 s, 300 ms, 64 datagrams. */
  public static DtlsSettings defaults() {
    return new DtlsSettings(64, Duration.ofSeconds(15), Duration.ofMillis(300), 64);
  }
}
