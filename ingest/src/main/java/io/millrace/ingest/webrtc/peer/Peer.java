package io.millrace.ingest.webrtc.peer;

import io.millrace.ingest.webrtc.ice.IceCredentials;
import io.millrace.ingest.webrtc.negotiation.DescriptionRefused;

/** One WebRTC peer of the server. Belongs to one event loop. */
public interface Peer {
  /** A name that cannot be guessed. */
  String id();

  /**
   * The SDP to send to the peer: the answer, or the offer. It has all candidates of the server, so
   * that none needs to be sent after it.
   */
  String localDescription();

  /**
   * The answer to the server's offer.
   *
   * @throws DescriptionRefused when it does not fit the offer; the peer is closed then
   * @throws IllegalStateException when the server did not offer, or has an answer already
   */
  void remoteAnswer(String sdp);

  /**
   * A candidate that the peer trickled; may come before its answer. Candidates that make no sense
   * are ignored.
   *
   * @param candidate as in SDP: {@code candidate:…}, with or without {@code a=} before it; empty
   *     for the end of candidates
   */
  void addRemoteCandidate(String candidate);

  /**
   * ICE restart: the other side has new credentials and gets new ones of ours. Media goes on the
   * way it goes until another one is found.
   *
   * @return ours
   */
  IceCredentials restart(IceCredentials remote);

  /** The other side's newest {@code ice-ufrag}; empty before its answer. */
  String remoteFragment();

  /**
   * Ends it; does nothing the second time.
   *
   * @param reason in words, for the log and the peer's owner
   */
  void close(String reason);
}
