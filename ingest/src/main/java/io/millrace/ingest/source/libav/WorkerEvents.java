package io.millrace.ingest.source.libav;

import io.millrace.ingest.source.worker.WorkerMessages.FrameRead;
import io.millrace.media.track.Track;
import java.util.List;

/** What a worker's session tells, on its event loop. */
interface WorkerEvents {
  /**
   * The source was opened and its tracks are known; frames follow.
   *
   * @param others codecs that it sends as well and that cannot be stored
   * @param heldNanos how long the first frame has been held when it comes
   */
  void began(List<Track> tracks, List<String> others, long heldNanos);

  /**
   * Takes a frame.
   *
   * @param arrivalNanos epoch ns at which it came
   * @param taken to be run once it is no longer held
   */
  void frame(FrameRead frame, long arrivalNanos, Runnable taken);

  /** Nothing more comes. */
  void ended(String reason);
}
