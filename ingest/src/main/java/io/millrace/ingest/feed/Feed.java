package io.millrace.ingest.feed;

import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.media.track.Track;
import java.nio.ByteBuffer;

/**
 * One source's frames on their way into one stream. Lives on the event loop it was opened on; never
 * blocks. Frames come in decode order for each track; between tracks they may be apart by as much
 * as the network makes them.
 */
public interface Feed {
  /** Why a feed ended; what the gap behind it is called on the timeline. */
  enum End {
    /** The source said goodbye: TEARDOWN, BYE, DELETE. */
    SOURCE_ENDED,
    /** The connection broke or fell silent. */
    CONNECTION_LOST,
    /** The server is shutting down, or another source took the stream over. */
    SERVER_ENDED
  }

  /**
   * Declares a track before its first frame. Codec private data may be empty: parameter sets are
   * taken from the frames then. A track is part of fragments from its first frame on.
   *
   * @param track its number is 1 or above and new to this feed
   */
  void track(Track track);

  /**
   * Takes a frame; its data is <em>borrowed</em>.
   *
   * @param trackNumber of a declared track
   * @param data as in {@link io.millrace.ingest.rtp.payload.AccessUnit#data}
   */
  void frame(int trackNumber, CaptureTime time, boolean keyframe, ByteBuffer data);

  /** Frames of a track are missing, as in {@code ReceiverListener.lost}. */
  void lost(int trackNumber, long fromNanos, long toNanos, int packets, String reason);

  /** Ends the feed: the open fragment is completed and stored. Later calls do nothing. */
  void end(End reason);

  /**
   * Whether the store is behind: a source that can be held back should be, until the listener's
   * {@code ready}; frames of one that cannot are dropped beyond a limit, and that is recorded.
   */
  boolean isBehind();
}
