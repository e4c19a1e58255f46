package io.millrace.ingest.webrtc.negotiation;

import java.util.Optional;

/** RTP header extensions that we make use of (RFC 8285). */
public enum HeaderExtension {
  /** Media section of a packet, where payload types and sources do not tell (RFC 8843). */
  MID("urn:ietf:params:rtp-hdrext:sdes:mid"),
  /** One number over all packets, for feedback on congestion. */
  TRANSPORT_SEQUENCE("http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"),
  /** How late a frame may be shown: we ask for as soon as possible. */
  PLAYOUT_DELAY("http://www.webrtc.org/experiments/rtp-hdrext/playout-delay");

  private final String uri;

  HeaderExtension(String uri) {
    this.uri = uri;
  }

  public String uri() {
    return uri;
  }

  static Optional<HeaderExtension> of(String uri) {
    for (HeaderExtension extension : values()) {
      if (extension.uri.equals(uri)) {
        return Optional.of(extension);
      }
    }
    return Optional.empty();
  }
}
