package io.millrace.ingest.webrtc.negotiation;

/** Who begins the DTLS handshake (RFC 8842, RFC 4145): the active side is the DTLS client. */
public enum DtlsSetup {
  ACTIVE("active"),
  PASSIVE("passive"),
  ACTPASS("actpass");

  private final String word;

  DtlsSetup(String word) {
    this.word = word;
  }

  /** As in {@code a=setup}. */
  public String word() {
    return word;
  }

  static DtlsSetup of(String word) {
    for (DtlsSetup setup : values()) {
      if (setup.word.equals(word)) {
        return setup;
      }
    }
    throw new DescriptionRefused("a=setup:" + word + " is not active, passive or actpass");
  }

  /** What answers an offer of this. */
  public DtlsSetup answer() {
    return this == PASSIVE ? ACTIVE : PASSIVE;
  }
}
