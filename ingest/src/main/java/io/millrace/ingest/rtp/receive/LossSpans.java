package io.millrace.ingest.rtp.receive;

import io.millrace.ingest.rtp.clock.CaptureTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which stretch of time is missing when packets or frames are lost. Where pictures come
 * in the order shown it lies between the last whole frame and the next; where they are reordered,
 * {@link ReorderedLoss} looks for it. Not thread-safe.
 */
final class LossSpans {
  private static final int WINDOW = 32;

  /** Longest distance of two frames that is guessed before one was measured. */
  private static final long FIRST_INTERVAL_NANOS = 33_000_000;

  private final ReceiverListener listener;
  private final ReorderedLoss reordered;
  private long newestNanos = Long.MIN_VALUE;
  private long newestTimestamp = Long.MIN_VALUE;
  private long windowBeganNanos = Long.MIN_VALUE;
  private int windowFrames;
  private long intervalNanos;
  private boolean reorders;
  private int packets;
  private @Nullable String reason;
  private final List<Long> dropped = new ArrayList<>();

  LossSpans(ReceiverListener listener) {
    this.listener = listener;
    reordered = new ReorderedLoss(listener);
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

  /** Nobody knows what the former source sent last; something never came. */
  void begunAnew() {
    packets++;
    reason = "the source began anew";
    newestTimestamp = Long.MIN_VALUE;
  }

  /**
   * A frame was given up.
   *
   * @param captureNanos of it, {@link Long#MIN_VALUE} where nobody can say
   */
  void frameDropped(long captureNanos, String why) {
    reason = reason == null || packets == 0 ? why : reason;
    if (captureNanos != Long.MIN_VALUE && dropped.size() < ReorderedLoss.MAX_TIMES) {
      dropped.add(captureNanos);
    }
  }

  /**
   * A whole frame came; told before it is given out.
   *
   * @param timestamp its unwrapped RTP timestamp
   */
  void frame(CaptureTime time, long timestamp) {
    long now = time.epochNanos();
    boolean lost = pending();
    boolean first = newestNanos == Long.MIN_VALUE;
    reorders |= timestamp < newestTimestamp;
    if (time.jumped()) {
      var unused = reordered.end(lost && reorders, why());
      if (lost) {
        // A new source is on its new clock at once; else the old one goes on up to a keyframe.
        tell(time.movedNanos() == CaptureTime.UNKNOWN ? now : now - time.movedNanos());
      }
      reordered.restart();
    } else if (lost && reorders && !first) {
      reordered.lost(packets, why(), dropped, newestNanos, now);
      forget();
    } else if (lost) {
      tell(now);
    }
    reordered.frame(now);
    newestTimestamp = Math.max(newestTimestamp, timestamp);
    measure(now, first || time.jumped() || lost, time.jumped());
  }

  /** What was counted before a loss would hold frames that never came: that is measured afresh. */
  private void measure(long now, boolean afresh, boolean jumped) {
    newestNanos = jumped || newestNanos == Long.MIN_VALUE ? now : Math.max(newestNanos, now);
    if (afresh) {
      windowBeganNanos = newestNanos;
      windowFrames = 0;
      return;
    }
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
    if (newestNanos != Long.MIN_VALUE) {
      long interval = reorders ? reordered.intervalNanos() : intervalNanos;
      long from =
          newestNanos
              + (interval > 0
                  ? interval
                  : Math.clamp((nextNanos - newestNanos) / 2, 0, FIRST_INTERVAL_NANOS));
      listener.lost(from, Math.max(from, nextNanos), packets, why());
    }
    forget();
  }

  private String why() {
    return reason == null ? "" : reason;
  }

  private void forget() {
    packets = 0;
    reason = null;
    dropped.clear();
  }

  /** Nothing more comes. */
  void end() {
    boolean found = reordered.end(pending() && reorders, why());
    if (pending() && !found && newestNanos != Long.MIN_VALUE) {
      tell(newestNanos + intervalNanos);
    }
  }
}
