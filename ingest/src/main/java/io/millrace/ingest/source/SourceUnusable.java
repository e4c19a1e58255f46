package io.millrace.ingest.source;

/** A source that cannot be pulled; the message says why, without credentials. */
public final class SourceUnusable extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param reason in words for its owner
   */
  public SourceUnusable(String reason) {
    super(reason, null, false, false);
  }
}
