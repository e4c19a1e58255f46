package io.millrace.ingest.signaling.relay;

import io.millrace.api.error.AwsError;
import org.jspecify.annotations.Nullable;

/** A client's message that cannot be taken. */
final class BadMessage extends Exception {
  private static final long serialVersionUID = 1;

  private final AwsError error;
  private final @Nullable String correlationId;

  /**
   * @param correlationId of the message, if it could be read: its sender wants to know then
   */
  BadMessage(AwsError error, @Nullable String correlationId, String message) {
    super(message, null, false, false);
    this.error = error;
    this.correlationId = correlationId;
  }

  AwsError error() {
    return error;
  }

  @Nullable String correlationId() {
    return correlationId;
  }

  /** What is wrong, for the sender. */
  String description() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
