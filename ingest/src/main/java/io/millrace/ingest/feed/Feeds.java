package io.millrace.ingest.feed;

import io.vertx.core.Context;

/** Where sources bring their frames. Thread-safe. */
public interface Feeds {
  /**
   * Opens a feed. A feed or producer that the stream has already is superseded.
   *
   * @param context event loop of the source: every call and every event of the feed is on it
   * @param stream name of an existing stream, unless the settings let feeds create theirs
   * @param peer who sends, for logs: an address, or the name of a source; never credentials
   * @throws FeedRefused when it cannot
   */
  Feed open(Context context, String stream, FeedOrigin origin, String peer, FeedListener listener);
}
