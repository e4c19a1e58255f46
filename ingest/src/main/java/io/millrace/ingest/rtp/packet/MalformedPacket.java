package io.millrace.ingest.rtp.packet;

/**
 * Bytes that are no packet of the kind they should be. Carries no stack trace: floods are cheap.
 */
public final class MalformedPacket extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param what what was wrong, and at which byte
   */
  public MalformedPacket(String what) {
    super(what, null, false, false);
  }
}
