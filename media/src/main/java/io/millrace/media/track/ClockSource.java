package io.millrace.media.track;

import java.util.Locale;

/** Whose clock the times of a fragment were read from. */
public enum ClockSource {
  /** Not recorded. */
  UNKNOWN,
  /** The camera's own clock, told by RTCP sender reports as NTP time. */
  CAMERA_NTP,
  /** The producer wrote absolute times itself, as PutMedia does. */
  PRODUCER,
  /** The server's clock when the data arrived; late by the way through the network. */
  SERVER;

  /** Name in answers: {@code camera-ntp}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
