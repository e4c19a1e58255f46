package io.millrace.ingest.webrtc.peer;

import io.millrace.ingest.rtp.clock.ClockSettings;
import io.millrace.ingest.rtp.receive.ReceiverSettings;
import java.time.Duration;

/**
 * Settings of peers.
 *
 * @param maxPeers peers at one time, those not yet connected included
 * @param maxPending peers that are not yet connected
 * @param connectTimeout how long a peer may take until its media flows
 * @param maxQueuedPackets packets of one peer that may wait for its event loop
 * @param strangersPerSecond packets for one peer in a second from addresses not proved to be its
 *     own: the checks by which it proves them, and those of anyone who saw its description
 * @param maxEarlyPackets packets of one peer that may wait for the keys of its handshake
 * @param maxSources synchronization sources of one peer
 * @param receiver how packets are put in order; while a missing one is waited for it is asked for
 * @param clock whether frames are dated by the sender's clock
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
    int strangersPerSecond,
    int maxEarlyPackets,
    int maxSources,
    ReceiverSettings receiver,
    ClockSettings clock,
    Duration keyframeInterval,
    Duration keyframePeriod,
    Duration feedbackInterval,
    Duration reportInterval,
    long startBitrate,
    long maxBitrate,
    int historyPackets) {
  /**
   * 2,000 peers, 256 pending, 20 s, 2,048 packets, 500 and 512 packets, 32 sources, 500 ms of
   * reordering, the sender's clock, 500 ms and 2 s, 50 ms, 500 ms, 2 and 8 Mbit/s, 1,024 packets.
   */
  public static PeerSettings defaults() {
    return new PeerSettings(
        2000,
        256,
        Duration.ofSeconds(20),
        2048,
        500,
        512,
        32,
        receiver(Duration.ofMillis(500)),
        ClockSettings.defaults(),
        Duration.ofMillis(500),
        Duration.ofSeconds(2),
        Duration.ofMillis(50),
        Duration.ofMillis(500),
        2_000_000,
        8_000_000,
        1024);
  }

  /** The same where a missing packet is waited for so long. */
  public PeerSettings withReorderWait(Duration wait) {
    return new PeerSettings(
        maxPeers,
        maxPending,
        connectTimeout,
        maxQueuedPackets,
        strangersPerSecond,
        maxEarlyPackets,
        maxSources,
        receiver(wait),
        clock,
        keyframeInterval,
        keyframePeriod,
        feedbackInterval,
        reportInterval,
        startBitrate,
        maxBitrate,
        historyPackets);
  }

  /** Limits of packets that wait are those of datagrams. */
  public static ReceiverSettings receiver(Duration reorderWait) {
    ReceiverSettings datagrams = ReceiverSettings.datagrams();
    return new ReceiverSettings(
        reorderWait,
        datagrams.maxHeldPackets(),
        datagrams.maxHeldBytes(),
        datagrams.restartDistance(),
        datagrams.frames());
  }
}
