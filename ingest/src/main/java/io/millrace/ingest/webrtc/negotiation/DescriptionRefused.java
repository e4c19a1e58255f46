package io.millrace.ingest.webrtc.negotiation;

/** A session description that cannot be used. */
public final class DescriptionRefused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean malformed;

  private DescriptionRefused(String what, boolean malformed) {
    super(what, null, false, false);
    this.malformed = malformed;
  }

  /**
   * A description that is not one.
   *
   * @param what what was wrong, in words for the peer's owner
   */
  public DescriptionRefused(String what) {
    this(what, true);
  }

  /** A description in order, of something that cannot be done. */
  public static DescriptionRefused unacceptable(String what) {
    return new DescriptionRefused(what, false);
  }

  /** Whether it breaks its specification, rather than wanting what cannot be had. */
  public boolean isMalformed() {
    return malformed;
  }
}
