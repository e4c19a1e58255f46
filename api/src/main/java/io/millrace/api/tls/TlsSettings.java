package io.millrace.api.tls;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/**
 * A TLS listener.
 *
 * @param port TCP port, 0 for a free one
 * @param certificatePem the server's certificate and those that lead to its authority, PEM
 * @param keyPem its private key, PKCS #8 in PEM, not encrypted
 * @param handshakeLimit how long a handshake may take; default 10 s
 * @param prefaceLimit how long a client that negotiated no protocol may take to begin; default 10 s
 */
public record TlsSettings(
    int port,
    Buffer certificatePem,
    Buffer keyPem,
    Duration handshakeLimit,
    Duration prefaceLimit) {

  /** The documented defaults, on the given port. */
  public static TlsSettings on(int port, Buffer certificatePem, Buffer keyPem) {
    return new TlsSettings(
        port, certificatePem, keyPem, Duration.ofSeconds(10), Duration.ofSeconds(10));
  }
}
