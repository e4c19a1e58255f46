package io.millrace.playback.hls;

/** Where a playlist says that the timeline may break; a change of decoder setup always does. */
enum DiscontinuityMode {
  /** Before every fragment. */
  ALWAYS,
  /** Only where the decoder setup changes. */
  NEVER,
  /** Where a gap or an overlap is longer than the tolerance. */
  ON_DISCONTINUITY
}
