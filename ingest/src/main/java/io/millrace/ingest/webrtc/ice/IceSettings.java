package io.millrace.ingest.webrtc.ice;

import java.time.Duration;

/**
 * Settings of ICE.
 *
 * @param consentTimeout silence after which a peer is taken as gone (RFC 7675 section 5.1: 30 s)
 * @param consentInterval how often we ask for consent where we are not lite
 * @param checkInterval pause between two connectivity checks of one peer
 * @param checkRetransmit pause before a check is sent again; doubles each time
 * @param maxChecks how often one candidate is checked before it is given up
 * @param maxRemoteCandidates candidates of one peer that are looked at
 * @param maxRoutes addresses from which one peer may send at a time
 */
public record IceSettings(
    Duration consentTimeout,
    Duration consentInterval,
    Duration checkInterval,
    Duration checkRetransmit,
    int maxChecks,
    int maxRemoteCandidates,
    int maxRoutes) {
  /** 30 s, 5 s, 50 ms, 250 ms, 7 checks, 32 candidates, 8 routes. */
  public static IceSettings defaults() {
    return new IceSettings(
        Duration.ofSeconds(30),
        Duration.ofSeconds(5),
        Duration.ofMillis(50),
        Duration.ofMillis(250),
        7,
        32,
        8);
  }
}
