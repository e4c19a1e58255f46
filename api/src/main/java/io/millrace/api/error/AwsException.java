package io.millrace.api.error;

import org.jspecify.annotations.Nullable;

/** What a client is told instead of an answer: an error of the table and a message it may read. */
public final class AwsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final AwsError error;

  public AwsException(AwsError error, String message) {
    this(error, message, null);
  }

  /**
   * @param cause kept for the log, never shown to the client
   */
  public AwsException(AwsError error, String message, @Nullable Throwable cause) {
    super(message, cause, true, cause != null || !error.isClientFault());
    this.error = error;
  }

  public AwsError error() {
    return error;
  }

  /** The text sent as {@code Message}. */
  public String clientMessage() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
