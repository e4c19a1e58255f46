package io.millrace.ingest.webrtc.metrics;

import java.util.concurrent.atomic.LongAdder;

/** Counters of WebRTC since the start, unless they say that they may fall. Thread-safe. */
public final class WebRtcMetrics {
  /** Peers whose media flows now; may fall. */
  public final LongAdder connected = new LongAdder();

  /** Peers that are not connected yet; may fall. */
  public final LongAdder pending = new LongAdder();

  /** Peers that were made. */
  public final LongAdder peers = new LongAdder();

  /** Peers refused because there were too many, pending or in all. */
  public final LongAdder refusedPeers = new LongAdder();

  /** Peers that ended before they were connected. */
  public final LongAdder failedPeers = new LongAdder();

  /** DTLS handshakes that ended in an error or took too long. */
  public final LongAdder failedHandshakes = new LongAdder();

  /** Datagrams and TCP frames that came, of any kind. */
  public final LongAdder packets = new LongAdder();

  /** Bytes of them. */
  public final LongAdder bytes = new LongAdder();

  /** Packets that belong to no peer, or are of no protocol we know. */
  public final LongAdder strayPackets = new LongAdder();

  /** STUN messages that were malformed or not authentic. */
  public final LongAdder refusedStun = new LongAdder();

  /** SRTP and SRTCP packets that were not authentic, or were seen before. */
  public final LongAdder refusedSrtp = new LongAdder();

  /** Packets dropped because a peer's queue was full. */
  public final LongAdder droppedPackets = new LongAdder();

  /** Packets that the network did not take when they were to be sent. */
  public final LongAdder unsentPackets = new LongAdder();

  /** RTP packets that came by retransmission. */
  public final LongAdder retransmissionsReceived = new LongAdder();

  /** RTP packets that peers asked for again and got. */
  public final LongAdder retransmissionsSent = new LongAdder();

  /** Sender reports left out because they tell another time than the media beside them. */
  public final LongAdder misleadingReports = new LongAdder();

  /** Keyframes that we asked for. */
  public final LongAdder keyframeRequests = new LongAdder();

  /** Viewers of storage sessions who are heard now; may fall. */
  public final LongAdder talkers = new LongAdder();

  /** Frames of masters into which viewers were mixed. */
  public final LongAdder mixedFrames = new LongAdder();

  /** Frames of masters that should have been mixed and went on as they came. */
  public final LongAdder unmixedFrames = new LongAdder();

  /** Packets of viewers' sound that nobody heard: of too many talkers, too late or malformed. */
  public final LongAdder unheardPackets = new LongAdder();
}
