package io.millrace.ingest.control;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.store.StoreException;

/** What a client of the control plane is told about a failure of the catalogue or of a table. */
public final class StreamErrors {
  private StreamErrors() {}

  /** The failure to tell instead of one of the store; others are told as they are. */
  public static Throwable of(Throwable cause) {
    if (!(cause instanceof StoreException store)) {
      return cause;
    }
    if (store.getCause() instanceof AwsException refused) {
      // Refused by the change itself, which ran on the state it was to change.
      return refused;
    }
    return switch (store.kind()) {
      case NOT_FOUND, GONE, SEALED -> notFound();
      case EXISTS -> AwsError.RESOURCE_IN_USE.because("A stream of this name exists already.");
      case VERSION_MISMATCH ->
          AwsError.VERSION_MISMATCH.because(
              "CurrentVersion is not the stream's version; describe the stream and try again.");
      case NO_SPACE, IO, BUSY, CLOSED, FENCED ->
          AwsError.SERVICE_UNAVAILABLE.because(
              "The catalogue cannot take the change now; nothing was changed.", store);
      case TOO_LARGE -> AwsError.INVALID_ARGUMENT.because("The request is too large to keep.");
    };
  }

  /** No such stream. */
  public static AwsException notFound() {
    return AwsError.RESOURCE_NOT_FOUND.because("The requested stream is not found or not active.");
  }
}
