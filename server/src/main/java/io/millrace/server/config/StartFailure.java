package io.millrace.server.config;

import org.jspecify.annotations.Nullable;

/** The server could not start for a reason its operator can act on. */
public final class StartFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  public StartFailure(String message) {
    super(message);
  }

  public StartFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
