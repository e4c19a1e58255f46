package io.millrace.ingest.webrtc.ice;

/** What ICE found, on the peer's event loop. */
public interface IceListener {
  /** There is a way to the other side, the first one. */
  void routeFound();

  /**
   * There is none any more, or never was.
   *
   * @param reason in words for the peer's owner
   */
  void lost(String reason);
}
