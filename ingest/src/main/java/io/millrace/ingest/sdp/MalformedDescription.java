package io.millrace.ingest.sdp;

/** Text that is no session description, or has too much of something. Carries no stack trace. */
public final class MalformedDescription extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param what what was wrong, in words for who wrote it
   */
  public MalformedDescription(String what) {
    super(what, null, false, false);
  }
}
