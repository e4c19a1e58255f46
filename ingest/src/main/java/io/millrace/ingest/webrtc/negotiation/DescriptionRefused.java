package io.millrace.ingest.webrtc.negotiation;

/** A session description that cannot be used. */
public final class DescriptionRefused extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param what what was wrong, in words for the peer's owner
   */
  public DescriptionRefused(String what) {
    super(what, null, false, false);
  }
}
