package io.millrace.ingest.webrtc.peer;

/** What becomes of a peer; on its event loop. */
public interface PeerListener {
  /** Media flows from now on: a way was found, and both sides proved who they are. */
  void connected();

  /**
   * The peer is over, whoever ended it; nothing more comes.
   *
   * @param reason in words for the peer's owner
   */
  void closed(String reason);
}
