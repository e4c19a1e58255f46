package io.millrace.playback.reading;

import io.millrace.media.track.Track;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Frames of one stream, tracks interleaved. Belongs to one event loop. */
public interface Reading {
  /** Tracks at the beginning. */
  List<Track> tracks();

  /**
   * The next frame; null at the end. Call it again only after it has completed. A live reader that
   * is too slow loses its place and goes on at a later keyframe.
   */
  Future<@Nullable ReadFrame> next();

  /** Ends the reading; an open {@link #next} completes with null. */
  void close();
}
