package io.millrace.ingest.sdp;

import java.util.Locale;

/** Which way media flow, as who wrote the description sees it (RFC 8866 section 6.7). */
public enum Direction {
  SENDRECV,
  SENDONLY,
  RECVONLY,
  INACTIVE;

  /** The attribute's name. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
