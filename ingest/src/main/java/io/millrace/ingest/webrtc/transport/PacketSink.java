package io.millrace.ingest.webrtc.transport;

/** Takes the packets of one peer, on its event loop. */
@FunctionalInterface
public interface PacketSink {
  /**
   * A packet as the network brought it.
   *
   * @param packet taken
   */
  void packet(Route route, byte[] packet);
}
