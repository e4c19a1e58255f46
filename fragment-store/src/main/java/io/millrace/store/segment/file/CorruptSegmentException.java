package io.millrace.store.segment.file;

import java.io.IOException;

/** Bytes that were synced once do not read as what was written. */
public final class CorruptSegmentException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * @param path the file
   * @param offset byte offset at which it goes wrong
   * @param what what is wrong there
   */
  public CorruptSegmentException(String path, long offset, String what) {
    super("%s is damaged at byte %d: %s".formatted(path, offset, what));
  }
}
