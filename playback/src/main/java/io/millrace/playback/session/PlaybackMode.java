package io.millrace.playback.session;

/** How the list of fragments of a session comes about. */
public enum PlaybackMode {
  /** The newest fragments, as they become durable. */
  LIVE,
  /** From a start time on, one more fragment each time one has been played. */
  LIVE_REPLAY,
  /** The fragments of a range, fixed. */
  ON_DEMAND
}
