package io.millrace.ingest.feed;

import io.millrace.ingest.fragmenter.GopSettings;
import java.time.Duration;

/**
 * How feeds become fragments.
 *
 * @param gop how frames are gathered
 * @param createStreams whether a feed makes a missing stream
 * @param retentionHours of a stream that is made so
 * @param trackWait how long the first frames wait for declared tracks that have sent nothing yet;
 *     default 1 s
 * @param maxHeldBytes of frames that wait so; default 8 MiB
 * @param maxTracks of one feed; default 8
 * @param gapAfter a distance of two pictures above this ends a fragment, so that the hole shows;
 *     default 2 s
 * @param behindBytes of complete fragments that are not durable, above which a source should pause;
 *     default 16 MiB
 * @param maxUnpersistedBytes above which frames of a source that did not pause are dropped, by
 *     whole groups of pictures; default 48 MiB
 * @param busyRetry pause before a store that was busy and got ready is asked again
 * @param busyTimeout how long the store may be busy before a fragment fails
 * @param maxPendingEvents events that wait to become durable; beyond it the oldest is dropped;
 *     default 1,000
 */
public record FeedSettings(
    GopSettings gop,
    boolean createStreams,
    int retentionHours,
    Duration trackWait,
    int maxHeldBytes,
    int maxTracks,
    Duration gapAfter,
    int behindBytes,
    int maxUnpersistedBytes,
    Duration busyRetry,
    Duration busyTimeout,
    int maxPendingEvents) {

  /** The documented defaults. */
  public static FeedSettings defaults() {
    return new FeedSettings(
        GopSettings.defaults(),
        true,
        24,
        Duration.ofSeconds(1),
        8 << 20,
        8,
        Duration.ofSeconds(2),
        16 << 20,
        48 << 20,
        Duration.ofMillis(2),
        Duration.ofSeconds(30),
        1000);
  }
}
