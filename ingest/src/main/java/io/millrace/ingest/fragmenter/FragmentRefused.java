package io.millrace.ingest.fragmenter;

/** The bytes cannot become fragments; nothing after the byte at fault is looked at. */
public final class FragmentRefused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final IngestError error;

  /**
   * @param what in words a camera engineer understands
   */
  public FragmentRefused(IngestError error, String what) {
    super(what, null, false, false);
    this.error = error;
  }

  public IngestError error() {
    return error;
  }

  /** What was wrong. */
  public String what() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
