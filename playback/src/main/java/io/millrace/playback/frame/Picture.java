package io.millrace.playback.frame;

import java.nio.ByteBuffer;

/** What became of one wanted picture. */
public sealed interface Picture {
  /** Presentation time of the access unit it was asked of. */
  long ptsNanos();

  /**
   * An encoded picture.
   *
   * @param width pixels
   * @param height pixels
   * @param data a JPEG or PNG file, read-only
   */
  record Encoded(long ptsNanos, int width, int height, ByteBuffer data) implements Picture {}

  /**
   * A frame the decoder could not show.
   *
   * @param reason in words for whoever asked
   */
  record Failed(long ptsNanos, String reason) implements Picture {}
}
