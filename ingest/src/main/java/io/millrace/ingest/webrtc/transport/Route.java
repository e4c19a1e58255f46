package io.millrace.ingest.webrtc.transport;

import java.net.InetSocketAddress;

/** One way to the other side: an address over UDP, or a TCP connection. Thread-safe. */
public interface Route {
  InetSocketAddress remote();

  /** Whether packets neither overtake each other nor get lost on it. */
  boolean isTcp();

  /**
   * Sends a packet, or drops it when the network does not take it now.
   *
   * @param bytes from offset 0; borrowed
   */
  void send(byte[] bytes, int length);

  /** Lets go of it; a connection is closed. */
  void close();
}
