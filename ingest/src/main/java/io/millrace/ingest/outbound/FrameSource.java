package io.millrace.ingest.outbound;

import io.vertx.core.Context;
import io.vertx.core.Future;

/**
 * Opens readings of streams. The implementation belongs to the rooms that read; the server connects
 * the two. Thread-safe.
 */
public interface FrameSource {
  /**
   * Opens a reading that begins at the newest keyframe, or at the next one when there is none, and
   * never ends by itself. Completes when the tracks are known: at once where the stream has media,
   * else with the first frames to come.
   *
   * @return fails with an {@link io.millrace.api.error.AwsException} RESOURCE_NOT_FOUND for an
   *     unknown stream
   */
  Future<FrameReading> live(Context context, String stream);

  /**
   * Opens a reading of what is stored, by producer time, from the keyframe at or before {@code
   * startNanos}; it goes over gaps and ends at {@code endNanos} or at the newest frame.
   *
   * @param startNanos epoch ns
   * @param endNanos epoch ns, {@link Long#MAX_VALUE} for the newest
   * @return fails with RESOURCE_NOT_FOUND for an unknown stream, and where nothing is stored in the
   *     range
   */
  Future<FrameReading> replay(Context context, String stream, long startNanos, long endNanos);
}
