package io.millrace.ingest.webrtc.negotiation;

import io.millrace.ingest.sdp.MalformedDescription;
import io.millrace.ingest.sdp.MediaDescription;
import io.millrace.ingest.sdp.SdpSettings;
import io.millrace.ingest.sdp.SessionDescription;
import io.millrace.ingest.webrtc.dtls.Fingerprint;
import io.millrace.ingest.webrtc.ice.IceCandidate;
import io.millrace.ingest.webrtc.ice.IceCredentials;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an offer or answer says that a peer needs.
 *
 * @param ice credentials
 * @param iceLite whether the other side only answers checks
 * @param candidates those in the description
 * @param fingerprints hashes of its certificate, at least one
 * @param setup its part in DTLS
 * @param media its sections, in order
 */
public record RemoteDescription(
    IceCredentials ice,
    boolean iceLite,
    List<IceCandidate> candidates,
    List<Fingerprint> fingerprints,
    DtlsSetup setup,
    List<RemoteMedia> media) {

  /**
   * Reads an offer or answer. All its media must share one transport (BUNDLE with rtcp-mux), whose
   * attributes are those of the first section that is open.
   *
   * @throws DescriptionRefused in words for who wrote it
   */
  public static RemoteDescription parse(String sdp) {
    SessionDescription text = read(sdp);
    List<RemoteMedia> media = text.media().stream().map(RemoteMedia::of).toList();
    MediaDescription first =
        media.stream()
            .filter(RemoteMedia::usable)
            .map(RemoteMedia::text)
            .findFirst()
            .orElseThrow(
                () ->
                    DescriptionRefused.unacceptable(
                        "No media section with UDP/TLS/RTP/SAVPF and a=rtcp-mux"));
    List<Fingerprint> fingerprints =
        Stream.concat(first.values("fingerprint"), text.values("fingerprint"))
            .flatMap(value -> Fingerprint.parse(value).stream())
            .toList();
    if (fingerprints.isEmpty()) {
      throw new DescriptionRefused("No a=fingerprint with sha-256, sha-384 or sha-512");
    }
    return new RemoteDescription(
        credentials(text, first),
        text.value("ice-lite").isPresent(),
        text.media().stream()
            .flatMap(section -> section.values("candidate"))
            .flatMap(value -> IceCandidate.parse("candidate:" + value).stream())
            .toList(),
        fingerprints,
        DtlsSetup.of(value(text, first, "setup").orElse("actpass")),
        media);
  }

  private static SessionDescription read(String sdp) {
    if (!sdp.startsWith("v=0")) {
      throw new DescriptionRefused("A session description begins with v=0");
    }
    try {
      return SessionDescription.parse(sdp, SdpSettings.defaults());
    } catch (MalformedDescription e) {
      throw new DescriptionRefused("Not to be read: " + e.getMessage());
    }
  }

  /** A section's first value of an attribute, or else the session's. */
  private static Optional<String> value(
      SessionDescription text, MediaDescription section, String name) {
    return section.value(name).or(() -> text.value(name));
  }

  private static IceCredentials credentials(SessionDescription text, MediaDescription section) {
    Optional<String> fragment = value(text, section, "ice-ufrag");
    Optional<String> password = value(text, section, "ice-pwd");
    if (fragment.isEmpty() || password.isEmpty()) {
      throw new DescriptionRefused("No a=ice-ufrag and a=ice-pwd");
    }
    try {
      return new IceCredentials(fragment.get(), password.get());
    } catch (IllegalArgumentException e) {
      throw new DescriptionRefused("a=ice-ufrag or a=ice-pwd: " + e.getMessage());
    }
  }
}
