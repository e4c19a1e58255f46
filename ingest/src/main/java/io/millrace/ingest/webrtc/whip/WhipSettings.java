package io.millrace.ingest.webrtc.whip;

import io.millrace.ingest.webrtc.ice.TurnSettings;
import java.time.Duration;

/**
 * Settings of the HTTP side.
 *
 * @param maxBodyBytes longest offer or fragment
 * @param bodyTimeout how long a client may take to send it
 * @param turn server that clients are told of
 */
public record WhipSettings(int maxBodyBytes, Duration bodyTimeout, TurnSettings turn) {
  /** 64 KiB, 10 s, no TURN server. */
  public static WhipSettings defaults() {
    return new WhipSettings(64 << 10, Duration.ofSeconds(10), TurnSettings.none());
  }
}
