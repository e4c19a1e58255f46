package io.millrace.ingest.source.libav;

import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.ingest.source.worker.WorkerMessages;
import io.millrace.media.track.ClockSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Dates frames of a source that tells no wall-clock time: its time line is laid so that its first
 * frame is as old as its arrival, or as it was held before that. A line that jumps is laid anew; so
 * is one whose quickest frames drift away from the server's clock, since all clocks do. Both are
 * told as jumps. Not thread-safe.
 */
final class ArrivalClock {
  /** A step back further than any reordering of pictures, ns. */
  private static final long MAX_STEP_BACK = 2_000_000_000L;

  /** A step ahead further than any pause between frames that comes without one, ns. */
  private static final long MAX_STEP_AHEAD = 10_000_000_000L;

  /** Drift that is put right, ns. */
  private static final long MAX_DRIFT = 1_000_000_000L;

  /** Over how long the quickest frame is looked for, ns: longer than a network stalls. */
  private static final long DRIFT_WINDOW = 60_000_000_000L;

  private static final class Line {
    long timeNanos;
    long arrivalNanos;
  }

  private final long errorNanos;
  private final Map<Integer, Line> lines = new HashMap<>();
  private final Set<Integer> untold = new HashSet<>();
  private boolean anchored;
  private long heldNanos;

  /** What is added to a time of the source for epoch ns. */
  private long offsetNanos;

  private long windowBeganNanos;
  private long quickestNanos;

  /**
   * @param errorNanos estimate of how long frames are on their way
   */
  ArrivalClock(long errorNanos) {
    this.errorNanos = errorNanos;
  }

  /**
   * Says before the first frame how long that was held on its way.
   *
   * @param nanos how much older than its arrival it is
   */
  void held(long nanos) {
    heldNanos = nanos;
  }

  /**
   * When a frame was captured.
   *
   * @param timeNanos on the source's time line, or {@link WorkerMessages#NO_TIME}
   * @param arrivalNanos epoch ns
   */
  CaptureTime date(int track, long timeNanos, long arrivalNanos) {
    if (timeNanos == WorkerMessages.NO_TIME) {
      return new CaptureTime(arrivalNanos, ClockSource.SERVER, errorNanos, false);
    }
    if (!anchored) {
      anchored = true;
      anchor(timeNanos, arrivalNanos - heldNanos);
    }
    Line line = lines.get(track);
    long late = arrivalNanos - timeNanos - offsetNanos;
    if (line == null) {
      line = new Line();
      lines.put(track, line);
    } else if (late < -MAX_DRIFT || (late > MAX_DRIFT && steps(line, timeNanos, arrivalNanos))) {
      jump(timeNanos, arrivalNanos);
    } else if (arrivalNanos - windowBeganNanos > DRIFT_WINDOW) {
      if (quickestNanos > MAX_DRIFT) {
        jump(timeNanos, timeNanos + offsetNanos + quickestNanos);
      }
      windowBeganNanos = arrivalNanos;
      quickestNanos = Long.MAX_VALUE;
    }
    quickestNanos = Math.min(quickestNanos, arrivalNanos - timeNanos - offsetNanos);
    line.timeNanos = timeNanos;
    line.arrivalNanos = arrivalNanos;
    return new CaptureTime(
        timeNanos + offsetNanos, ClockSource.SERVER, errorNanos, untold.remove(track));
  }

  private static boolean steps(Line line, long timeNanos, long arrivalNanos) {
    long step = timeNanos - line.timeNanos;
    return step < -MAX_STEP_BACK || step > MAX_STEP_AHEAD + arrivalNanos - line.arrivalNanos;
  }

  private void jump(long timeNanos, long epochNanos) {
    anchor(timeNanos, epochNanos);
    untold.addAll(lines.keySet());
  }

  private void anchor(long timeNanos, long epochNanos) {
    offsetNanos = epochNanos - timeNanos;
    windowBeganNanos = epochNanos;
    quickestNanos = Long.MAX_VALUE;
  }
}
