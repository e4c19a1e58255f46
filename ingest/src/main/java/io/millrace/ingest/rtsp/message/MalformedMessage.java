package io.millrace.ingest.rtsp.message;

/**
 * Bytes that are no RTSP message, or too large a one: the connection cannot go on. Carries no stack
 * trace.
 */
public final class MalformedMessage extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param what what was wrong, in words for who sent it
   */
  public MalformedMessage(String what) {
    super(what, null, false, false);
  }
}
