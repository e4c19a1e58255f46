package io.millrace.ingest.feed;

import io.vertx.core.Context;
import io.vertx.core.Future;

/** Where sources bring their frames. Thread-safe. */
public interface Feeds {
  /**
   * Opens a feed. A feed or producer that the stream has already is superseded.
   *
   * @param context event loop of the source: every call and every event of the feed is on it
   * @param stream name of an existing stream, unless the settings let feeds create theirs
   * @param peer who sends, for logs: an address, or the name of a source; never credentials
   * @return completes on the context; fails with an {@link io.millrace.api.error.AwsException}
   *     RESOURCE_NOT_FOUND, CLIENT_LIMIT_EXCEEDED, SERVICE_UNAVAILABLE or INVALID_ARGUMENT (a name
   *     that no stream can have), which other protocols map to their own status
   */
  Future<Feed> open(
      Context context, String stream, FeedOrigin origin, String peer, FeedListener listener);
}
