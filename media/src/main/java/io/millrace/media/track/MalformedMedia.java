package io.millrace.media.track;

/** Bytes that break their specification. */
public final class MalformedMedia extends MediaException {
  private static final long serialVersionUID = 1;

  /**
   * @param what what was wrong, in words a camera engineer understands
   * @param offset byte offset from the first byte fed to the reader
   * @param path element path, or empty
   */
  public MalformedMedia(String what, long offset, String path) {
    super(what, offset, path);
  }
}
