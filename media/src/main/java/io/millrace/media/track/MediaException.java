package io.millrace.media.track;

/**
 * Media bytes that cannot be used. Two different facts, two types: {@link MalformedMedia} breaks
 * its specification, {@link UnsupportedMedia} may be right but is more than we read.
 */
public abstract sealed class MediaException extends Exception
    permits MalformedMedia, UnsupportedMedia {
  private final long offset;
  private final String path;

  MediaException(String what, long offset, String path) {
    super(what + " at byte " + offset + (path.isEmpty() ? "" : " in " + path));
    this.offset = offset;
    this.path = path;
  }

  /** Byte offset, from the first byte fed to the reader, of the element or field at fault. */
  public final long offset() {
    return offset;
  }

  /** Element path such as {@code Segment/Cluster/SimpleBlock}; empty where there is none. */
  public final String path() {
    return path;
  }
}
