package io.millrace.ingest.rtsp.server;

import io.millrace.ingest.rtsp.message.TransportHeader;
import io.vertx.core.Future;
import java.nio.ByteBuffer;

/** How the packets of one track travel. Belongs to the connection's event loop. */
interface MediaTransport {
  /** Takes packets as they come. */
  interface Receiver {
    /** An RTP packet; borrowed. */
    void rtp(ByteBuffer packet);

    /** An RTCP compound; borrowed. */
    void rtcp(ByteBuffer compound);
  }

  /** What a client is told. */
  TransportHeader header();

  /** Whether packets come in the order sent, none missing. */
  boolean ordered();

  /** Sends an RTP packet, perhaps not before {@link #flush}; borrowed. */
  void sendRtp(ByteBuffer packet);

  /** Sends an RTCP compound likewise. */
  void sendRtcp(ByteBuffer compound);

  /**
   * Sends what has not been sent yet.
   *
   * @return completes when there is room for more
   */
  Future<Void> flush();

  /** Hands on what has come already, though by another way than the request that ends it. */
  void drain();

  /** Gives back what it holds; nothing comes or goes any more. */
  void close();
}
