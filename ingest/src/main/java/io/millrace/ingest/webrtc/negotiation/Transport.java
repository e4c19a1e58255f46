package io.millrace.ingest.webrtc.negotiation;

import io.millrace.ingest.webrtc.dtls.Fingerprint;
import io.millrace.ingest.webrtc.ice.IceCandidate;
import io.millrace.ingest.webrtc.ice.IceCredentials;
import java.util.List;

/**
 * What our descriptions say of the transport.
 *
 * @param lite whether we only answer checks
 * @param setup our part in DTLS
 * @param candidates all of them
 */
public record Transport(
    IceCredentials ice,
    boolean lite,
    Fingerprint fingerprint,
    DtlsSetup setup,
    List<IceCandidate> candidates) {
  public Transport {
    candidates = List.copyOf(candidates);
  }
}
