package io.millrace.ingest.rtp.receive;

import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.ingest.rtp.payload.AccessUnit;

/** What an RTP receiver found, in the order sent. */
public interface ReceiverListener {
  /** A whole frame; its data is borrowed for the call. */
  void frame(AccessUnit unit, CaptureTime time);

  /**
   * Packets never came, or came broken, and frames are missing for it.
   *
   * @param fromNanos capture time at which the missing part begins, epoch ns: the end of the last
   *     whole frame before it
   * @param toNanos capture time of the next whole frame, epoch ns
   * @param packets how many never came, 0 where frames were broken
   * @param reason in words for the camera's owner
   */
  void lost(long fromNanos, long toNanos, int packets, String reason);

  /**
   * A decoder could not go on from what came: ask the sender for a keyframe, where that is
   * possible.
   */
  void keyframeWanted();
}
