package io.millrace.ingest.outbound;

import io.millrace.media.track.Track;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Frames of one stream in decode order, tracks interleaved. Belongs to one event loop. */
public interface FrameReading {
  /**
   * A frame.
   *
   * @param track the track it belongs to; another instance than before when the decoder setup
   *     changed
   * @param captureNanos presentation time, epoch ns
   * @param keyframe whether a decoder can start here
   * @param afterGap whether media is missing before it
   * @param data as Matroska keeps it, NAL units always with 4-byte lengths; read-only
   */
  record OutFrame(
      Track track, long captureNanos, boolean keyframe, boolean afterGap, ByteBuffer data) {}

  /** Tracks at the beginning, with decoder setup that a player can use. */
  List<Track> tracks();

  /**
   * The next frame; null at the end. A live reader that is too slow loses its place: the next frame
   * is a keyframe further on, with {@code afterGap}. Call it again only after it has completed.
   */
  Future<@Nullable OutFrame> next();

  /** Ends the reading; an open {@link #next} completes with null. */
  void close();
}
