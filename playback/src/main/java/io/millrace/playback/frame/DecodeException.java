package io.millrace.playback.frame;

/** A whole decode job that failed. */
public final class DecodeException extends Exception {
  private static final long serialVersionUID = 1;
  private final Kind kind;

  /** Whose fault it was. */
  public enum Kind {
    /** The media cannot be decoded, or decoding it killed or stalled a worker. */
    MEDIA,
    /** All workers are busy and the queue is full: try again. */
    BUSY,
    /** No worker can run on this machine. */
    UNAVAILABLE
  }

  public DecodeException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
