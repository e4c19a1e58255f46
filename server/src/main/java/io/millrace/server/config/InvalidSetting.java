package io.millrace.server.config;

/** A setting that cannot be used; the message names it, where it came from and what is allowed. */
public final class InvalidSetting extends RuntimeException {
  private static final long serialVersionUID = 1;

  public InvalidSetting(String message) {
    super(message);
  }
}
