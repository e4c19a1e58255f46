package io.millrace.ingest.webrtc.peer;

import io.millrace.ingest.webrtc.dtls.DtlsIdentity;
import io.millrace.ingest.webrtc.dtls.Handshakes;
import java.util.random.RandomGenerator;

/**
 * What proves who is who.
 *
 * @param identity the server's certificate
 * @param handshakes room for handshakes
 * @param random must be hard to guess
 */
public record PeerSecurity(DtlsIdentity identity, Handshakes handshakes, RandomGenerator random) {}
