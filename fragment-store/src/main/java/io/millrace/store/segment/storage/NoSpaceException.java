package io.millrace.store.segment.storage;

import java.io.IOException;

/** The file system has no room left for this server. */
public final class NoSpaceException extends IOException {
  private static final long serialVersionUID = 1;

  public NoSpaceException(String message) {
    super(message);
  }

  public NoSpaceException(String message, IOException cause) {
    super(message, cause);
  }
}
