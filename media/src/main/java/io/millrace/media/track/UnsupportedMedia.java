package io.millrace.media.track;

/** Bytes that may be valid but use a feature or size we do not read. */
public final class UnsupportedMedia extends MediaException {
  private static final long serialVersionUID = 1;

  /**
   * @param what what was wrong, in words a camera engineer understands
   * @param offset byte offset from the first byte fed to the reader
   * @param path element path, or empty
   */
  public UnsupportedMedia(String what, long offset, String path) {
    super(what, offset, path);
  }
}
