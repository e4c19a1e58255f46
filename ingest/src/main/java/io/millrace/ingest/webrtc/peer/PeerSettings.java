package io.millrace.ingest.webrtc.peer;

import java.time.Duration;

/**
 * Settings of peers.
 *
 * @param maxPeers peers at one time, those not yet connected included
 * @param maxPending peers that are not yet connected
 * @param connectTimeout how long a peer may take until its media flows
 * @param maxQueuedPackets packets of one peer that may wait for its event loop
 * @param maxEarlyPackets packets of one peer that may wait for the keys of its handshake
 * @param maxSources synchronization sources of one peer
 * @param reorderWait how long a missing packet is waited for and asked for
 * @param keyframeInterval least time between two requests for a keyframe
 * @param keyframePeriod time without a keyframe after which one is asked for
 * @param feedbackInterval time between two reports of arrival times
 * @param reportInterval time between two receiver or sender reports
 * @param startBitrate bits a second that a sender may begin with
 * @param maxBitrate bits a second that a sender may reach
 * @param historyPackets packets of one source kept for those who ask for them again
 */
public record PeerSettings(
    int maxPeers,
    int maxPending,
    Duration connectTimeout,
    int maxQueuedPackets,
    int maxEarlyPackets,
    int maxSources,
    Duration reorderWait,
    Duration keyframeInterval,
    Duration keyframePeriod,
    Duration feedbackInterval,
    Duration reportInterval,
    long startBitrate,
    long maxBitrate,
    int historyPackets) {
  /**
   * 2,000 peers, 256 pending, 20 s, 2,048 and 512 packets, 32 sources, 500 ms, 500 ms, 50 ms, 500
   * ms, 2 and 8 Mbit/s, 1,024 packets.
   */
  public static PeerSettings defaults() {
    return new PeerSettings(
        2000,
        256,
        Duration.ofSeconds(20),
        2048,
        512,
        32,
        Duration.ofMillis(500),
        Duration.ofMillis(500),
        Duration.ofSeconds(2),
        Duration.ofMillis(50),
        Duration.ofMillis(500),
        2_000_000,
        8_000_000,
        1024);
  }
}
