package io.millrace.ingest.source;

import io.millrace.ingest.feed.Feed;
import io.vertx.core.Context;
import io.vertx.core.Future;

/** Knows how to pull one kind of source. Thread-safe. */
public interface Puller {
  /** One connection to a source; lives on the event loop it was opened on. */
  interface Pull {
    /**
     * Completes when the connection has ended, with why in words without credentials; never fails.
     */
    Future<String> ended();

    /** Frames that came so far. */
    long frames();

    /**
     * Whether a peer has yet to come, or what reads it has yet to start: silence means nothing
     * then.
     */
    default boolean awaitsPeer() {
      return false;
    }

    /**
     * Ends the connection; {@link #ended} completes soon after.
     *
     * @param why what the timeline says of the gap that follows
     */
    void close(Feed.End why);
  }

  /** Whether it can pull sources of this scheme, such as {@code rtsp}. */
  boolean pulls(String scheme);

  /**
   * Connects and brings what comes into the source's stream.
   *
   * @param context event loop of the connection
   */
  Pull pull(Context context, Source source);

  /**
   * Connects, looks at what comes and leaves again, without storing anything.
   *
   * @return fails with {@link SourceUnusable} and the reason
   */
  Future<ProbeReport> probe(Context context, Source source);
}
