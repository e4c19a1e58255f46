package io.millrace.store;

import org.jspecify.annotations.Nullable;

/** Why the store could not do what it was asked, for the caller to tell its client. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final Kind kind;

  /** What went wrong. */
  public enum Kind {
    /** The disk is full; appends fail, reads go on, appends work again when space returns. */
    NO_SPACE,
    /** The device failed or returned bytes that do not match their checksum. */
    IO,
    /** The log was sealed or deleted. */
    SEALED,
    /** Another writer took over. */
    FENCED,
    /** One record is larger than the log takes. */
    TOO_LARGE,
    /** The writer's mailbox is full; wait and try again. */
    BUSY,
    /** Retention dropped what was asked for. */
    GONE,
    /** No such stream or log. */
    NOT_FOUND,
    /** A stream of that name exists. */
    EXISTS,
    /** The stream changed since the version the caller named. */
    VERSION_MISMATCH,
    /** The store is closing. */
    CLOSED
  }

  public StoreException(Kind kind, String message) {
    this(kind, message, null);
  }

  public StoreException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
