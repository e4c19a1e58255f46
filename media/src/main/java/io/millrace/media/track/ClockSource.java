package io.millrace.media.track;

/** Whose clock the times of a fragment were read from. */
public enum ClockSource {
  /** Not recorded. */
  UNKNOWN,
  /** The camera's own clock, told by RTCP sender reports as NTP time. */
  CAMERA_NTP,
  /** The producer wrote absolute times itself, as PutMedia does. */
  PRODUCER,
  /** The server's clock when the data arrived; late by the way through the network. */
  SERVER
}
