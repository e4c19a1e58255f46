package io.millrace.ingest.webrtc.peer;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.webrtc.negotiation.MediaPlan;
import java.util.List;

/** The media of one peer, packets already opened. On the peer's event loop. */
interface MediaPath {
  /** Sends packets to the other side. */
  interface Sender {
    /** Protects an RTCP packet or compound, and sends it. Borrows the bytes. */
    void rtcp(byte[] packet);

    /**
     * Protects and sends an RTP packet.
     *
     * @param packet with room for the trailer behind it; taken
     * @param length of the packet
     * @return length of what was sent, which stands in the bytes now
     */
    int rtp(byte[] packet, int length);

    /** Sends once more what {@link #rtp} sent. Borrows the bytes. */
    void again(byte[] packet, int length);
  }

  /** Says what both sides agreed on; before anything else. */
  void plans(List<MediaPlan> plans);

  /** Packets can be sent from now on, and will come. */
  void connected(Sender sender);

  /**
   * An RTP packet.
   *
   * @param packet from offset 0; taken
   */
  void rtp(byte[] packet, int length, long arrivalNanos);

  /** An RTCP packet or compound; taken. */
  void rtcp(byte[] packet, int length, long arrivalNanos);

  /** It is over. */
  void close(Feed.End reason);
}
