package io.millrace.ingest.webrtc.peer;

import io.millrace.ingest.feed.FeedOrigin;

/** What media flows between the server and a peer. */
public sealed interface PeerMedia {
  /** Name of the stream. */
  String stream();

  /** The peer's video and sound are stored in a stream. */
  record Receive(String stream, FeedOrigin origin) implements PeerMedia {}

  /** The peer is sent a stream live. */
  record Send(String stream) implements PeerMedia {}
}
