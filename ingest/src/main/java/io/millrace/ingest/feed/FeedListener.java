package io.millrace.ingest.feed;

/** What a source is told about its feed, on the feed's event loop. */
public interface FeedListener {
  /** The store has caught up. */
  void ready();

  /**
   * The feed is over and takes nothing more: another source took the stream, it was deleted, the
   * server ends, or the store failed. Close the connection.
   *
   * @param reason in words for the source's owner
   */
  void closed(String reason);
}
