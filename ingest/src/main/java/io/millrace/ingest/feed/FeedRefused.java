package io.millrace.ingest.feed;

/** A feed could not be opened. */
public final class FeedRefused extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What kind of refusal; protocols map it to their own status. */
  public enum Kind {
    NO_SUCH_STREAM,
    TOO_MANY,
    SHUTTING_DOWN,
    STORE_UNAVAILABLE
  }

  private final Kind kind;

  public FeedRefused(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
