package io.millrace.ingest.rtsp.server;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.rtsp.message.RtspRequest;
import io.millrace.ingest.rtsp.message.RtspResponse;
import io.millrace.ingest.rtsp.message.TransportHeader;
import io.millrace.ingest.rtsp.request.MediaPath;
import io.millrace.ingest.rtsp.request.RequestRefused;
import io.vertx.core.Future;

/** What a connection is used for. Belongs to the connection's event loop. */
interface Session {
  /**
   * Prepares the receiver of a track's packets.
   *
   * @param path of the SETUP
   * @throws RequestRefused for an unknown track, or in a wrong state
   */
  MediaTransport.Receiver track(MediaPath path, RtspRequest request);

  /** Gives the track that was asked for last its transport. */
  TransportHeader transport(MediaTransport transport);

  /** RECORD or PLAY. */
  Future<RtspResponse> start(RtspRequest request);

  /** PAUSE. */
  Future<RtspResponse> pause();

  /** Once a second. */
  void tick(long nowNanos);

  /** Whether silence of the other side means that it is gone. */
  boolean expectsMedia();

  /** The session is over; ends it once. */
  void end(Feed.End reason);
}
