package io.millrace.ingest.webrtc.transport;

/** Takes the packets of one peer, on its event loop. */
@FunctionalInterface
public interface PacketSink {
  /**
   * A packet as the network brought it.
   *
   * @param packet taken
   * @param arrivalNanos when it came, on the clock of {@link System#nanoTime}
   */
  void packet(Route route, byte[] packet, long arrivalNanos);
}
