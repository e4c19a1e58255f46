package io.millrace.ingest.rtp.payload;

import io.millrace.ingest.rtp.packet.RtpPacket;

/**
 * Puts frames together again from packets that come in sequence order. Not thread-safe; bounded in
 * memory by its settings. A frame of which a packet is missing is not given out.
 */
public interface Depacketizer {
  /** Takes what was put together. */
  interface Sink {
    /** A whole frame. */
    void unit(AccessUnit unit);

    /**
     * A frame was given up: a packet of it is missing, or what came breaks the payload format.
     *
     * @param timestamp its unwrapped RTP timestamp
     * @param reason in words for the camera's owner
     */
    void dropped(long timestamp, String reason);
  }

  /**
   * Takes the next packet; its payload is borrowed.
   *
   * @param timestamp its unwrapped RTP timestamp
   * @param afterLoss whether packets before it never came
   */
  void packet(RtpPacket packet, long timestamp, boolean afterLoss, Sink sink);

  /** The source ended or paused: gives out what is complete. */
  void flush(Sink sink);
}
