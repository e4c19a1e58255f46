package io.millrace.ingest.webrtc.dtls;

import java.time.Duration;

/**
 * Settings of DTLS.
 *
 * @param handshakesAtOnce handshakes that run at one time; further ones wait
 * @param handshakesPerAddress those of them with peers of one address
 * @param handshakeTimeout how long one may take, waiting included
 * @param retransmit pause before a flight is sent again; doubles each time
 * @param maxQueuedRecords datagrams of one peer that may wait to be read
 * @param maxMessageBytes largest message of a handshake; certificates are what is large
 */
public record DtlsSettings(
    int handshakesAtOnce,
    int handshakesPerAddress,
    Duration handshakeTimeout,
    Duration retransmit,
    int maxQueuedRecords,
    int maxMessageBytes) {
  /** 64 handshakes, 16 of an address, 15 s, 300 ms, 64 datagrams, 16 KiB. */
  public static DtlsSettings defaults() {
    return new DtlsSettings(64, 16, Duration.ofSeconds(15), Duration.ofMillis(300), 64, 16 << 10);
  }
}
