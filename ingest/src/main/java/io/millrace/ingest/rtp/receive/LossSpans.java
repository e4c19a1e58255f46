package io.millrace.ingest.rtp.receive;

import io.millrace.ingest.rtp.clock.CaptureTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which stretch of time is missing when packets or frames are lost. Where pictures come
 * in the order shown it lies between the last whole frame and the next; where they are reordered,
 * each frame that came in part is missing by itself. Not thread-safe.
 */
final class LossSpans {
  private static final int WINDOW = 32;
  private static final int MAX_DROPPED = 256;

  /** Longest distance of two frames that is guessed before one was measured. */
  private static final long FIRST_INTERVAL_NANOS = 33_000_000;

  private final ReceiverListener listener;
  private long newestNanos = Long.MIN_VALUE;
  private long windowBeganNanos = Long.MIN_VALUE;
  private int windowFrames;
  private long intervalNanos;
  private boolean reorders;
  private int packets;
  private @Nullable String reason;
  private final List<Long> dropped = new ArrayList<>();

  LossSpans(ReceiverListener listener) {
    this.listener = listener;
  }

  /** Whether something was lost since the last whole frame. */
  boolean pending() {
    return packets > 0 || reason != null;
  }

  void packetsLost(int count) {
    packets += count;
    if (reason == null) {
      reason = "packets never came";
    }
  }

  /**
   * A frame was given up.
   *
   * @param captureNanos of it, {@link Long#MIN_VALUE} where nobody can say
   */
  void frameDropped(long captureNanos, String why) {
    reason = reason == null || packets == 0 ? why : reason;
    if (captureNanos != Long.MIN_VALUE && dropped.size() < MAX_DROPPED) {
      dropped.add(captureNanos);
    }
  }

  /** A whole frame came; told before it is given out. */
  void frame(CaptureTime time) {
    long now = time.epochNanos();
    boolean lost = pending();
    if (lost) {
      tell(time.jumped() ? newestNanos + intervalNanos : now);
    }
    if (newestNanos == Long.MIN_VALUE || time.jumped() || lost) {
      // What was counted before a loss would hold frames that never came: measure afresh.
      newestNanos = time.jumped() ? now : Math.max(newestNanos, now);
      windowBeganNanos = newestNanos;
      windowFrames = 0;
      return;
    }
    reorders |= now < newestNanos;
    newestNanos = Math.max(newestNanos, now);
    windowFrames++;
    if (windowFrames == WINDOW || intervalNanos == 0) {
      intervalNanos = Math.max(0, (newestNanos - windowBeganNanos) / windowFrames);
      if (windowFrames == WINDOW) {
        windowBeganNanos = newestNanos;
        windowFrames = 0;
      }
    }
  }

  private void tell(long nextNanos) {
    String why = reason == null ? "" : reason;
    if (newestNanos != Long.MIN_VALUE) {
      long from =
          newestNanos
              + (intervalNanos > 0
                  ? intervalNanos
                  : Math.clamp((nextNanos - newestNanos) / 2, 0, FIRST_INTERVAL_NANOS));
      boolean hole = nextNanos - from > intervalNanos / 2;
      // The count of packets belongs to one of the spans only.
      int count = packets;
      if (reorders) {
        for (long frame : dropped) {
          if (!hole || frame < from) {
            listener.lost(frame, frame + intervalNanos, count, why);
            count = 0;
          }
        }
      }
      if (hole || !reorders || dropped.isEmpty()) {
        listener.lost(from, Math.max(from, nextNanos), count, why);
      }
    }
    packets = 0;
    reason = null;
    dropped.clear();
  }

  /** Nothing more comes. */
  void end() {
    if (pending() && newestNanos != Long.MIN_VALUE) {
      tell(newestNanos + intervalNanos);
    }
  }
}
