package io.millrace.ingest.webrtc.peer;

import io.millrace.ingest.feed.FeedOrigin;
import io.millrace.ingest.webrtc.talk.Conversation;
import java.util.Optional;

/** What media flows between the server and a peer. */
public sealed interface PeerMedia {
  /** Name of the stream. */
  String stream();

  /**
   * The peer's video and sound are stored in a stream.
   *
   * @param conversation with those whom it hears, and who are in the stream while they talk; only
   *     of peers to whom the server offers
   */
  record Receive(String stream, FeedOrigin origin, Optional<Conversation> conversation)
      implements PeerMedia {
    /** Of a peer that hears nobody. */
    public Receive(String stream, FeedOrigin origin) {
      this(stream, origin, Optional.empty());
    }
  }

  /**
   * The peer is sent a stream live.
   *
   * @param conversation in which it may talk; only of peers to whom the server offers
   */
  record Send(String stream, Optional<Conversation> conversation) implements PeerMedia {
    /** Of a peer that only listens. */
    public Send(String stream) {
      this(stream, Optional.empty());
    }
  }
}
