package io.millrace.ingest.webrtc.peer;

import io.millrace.ingest.webrtc.negotiation.DescriptionRefused;
import io.millrace.ingest.webrtc.talk.Conversation;
import io.vertx.core.Context;
import io.vertx.core.Future;

/** Makes WebRTC peers of this server. Thread-safe. */
public interface PeerFactory {
  /**
   * Answers a peer's offer. The server is ICE-lite then, unless the offer says that the peer is.
   *
   * @param context event loop of the peer: every call to it and every event of it is on it
   * @param offer the SDP as it came
   * @return completes on the context when {@link Peer#localDescription} can be sent; fails with
   *     {@link DescriptionRefused} when the offer cannot be answered, and with an {@link
   *     io.millrace.api.error.AwsException} when the stream cannot be fed or read
   */
  Future<Peer> answer(Context context, String offer, PeerMedia media, PeerListener listener);

  /**
   * Makes an offer. The server does full ICE then and is the controlling side; the peer's answer
   * goes to {@link Peer#remoteAnswer}.
   *
   * @param context event loop of the peer: every call to it and every event of it is on it
   * @return as for an answer
   */
  Future<Peer> offer(Context context, PeerMedia media, PeerListener listener);

  /**
   * Makes a conversation, for the media of several peers.
   *
   * @param maxTalkers viewers who are heard at one time, at least one
   */
  Conversation conversation(int maxTalkers);
}
