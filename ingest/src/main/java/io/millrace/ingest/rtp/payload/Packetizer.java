package io.millrace.ingest.rtp.payload;

import java.nio.ByteBuffer;

/** Cuts frames into RTP payloads. Not thread-safe. */
public interface Packetizer {
  /** Takes the payloads of a frame in order. */
  interface Sink {
    /**
     * @param payload one payload, valid during the call only
     * @param marker RTP marker bit of its packet
     */
    void payload(ByteBuffer payload, boolean marker);
  }

  /**
   * Cuts a frame.
   *
   * @param frame as in {@link AccessUnit#data}; borrowed and left as it was
   * @param keyframe whether a decoder can start here
   */
  void frame(ByteBuffer frame, boolean keyframe, Sink sink);
}
