package io.millrace.ingest.webrtc.stun;

/** Bytes that are no STUN message we know. Carries no stack trace: floods are cheap. */
public final class MalformedStun extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param what what was wrong, and at which byte
   */
  public MalformedStun(String what) {
    super(what, null, false, false);
  }
}
