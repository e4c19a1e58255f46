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
  /** Longest distance of two frames that is guessed before one was measured. */
  private static final long FIRST_INTERVAL_NANOS = 33_000_000;

  private final ReceiverListener listener;
  private final ReorderedLoss reordered;
  private final double nanosPerTick;

  /** The frame that is shown last of those that came. */
  private @Nullable Picture newest;

  private boolean anew;
  private boolean reorders;
  private int packets;
  private @Nullable String reason;

  /** RTP timestamps of frames that were given up. */
  private final List<Long> dropped = new ArrayList<>();

  /**
   * @param clockRate ticks a second of the RTP timestamps
   */
  LossSpans(int clockRate, ReceiverListener listener) {
    this.listener = listener;
    nanosPerTick = 1e9 / clockRate;
    reordered = new ReorderedLoss(clockRate, listener);
  }

  /** Whether something was lost since the last whole frame. */
  private boolean pending() {
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
    anew = true;
  }

  /**
   * A frame was given up.
   *
   * @param timestamp its unwrapped RTP timestamp
   */
  void frameDropped(long timestamp, String why) {
    reason = reason == null || packets == 0 ? why : reason;
    if (!anew && dropped.size() < ReorderedLoss.MAX_TIMES) {
      dropped.add(timestamp);
    }
  }

  /**
   * A whole frame came; told before it is given out.
   *
   * @param timestamp its unwrapped RTP timestamp
   */
  void frame(CaptureTime time, long timestamp) {
    Picture now = new Picture(timestamp, time.epochNanos());
    Picture last = newest;
    boolean lost = pending();
    if (last == null) {
      forget();
      reordered.frame(now);
      newest = now;
    } else if (anew) {
      var unused = reordered.end(reorders, why());
      tell(last, last.nanos() + nanos(intervalTicks()), now.nanos());
      reordered.restart();
      reordered.frame(now);
      newest = now;
    } else {
      // What is told before the frame is out is told by the clock that goes up to it.
      long moved = time.movedNanos() == CaptureTime.UNKNOWN ? 0 : time.movedNanos();
      goOn(last, now.moved(-moved), lost);
      reordered.moved(moved);
      newest = timestamp > last.ticks() ? now : last.moved(moved);
    }
    anew = false;
  }

  private void goOn(Picture last, Picture now, boolean lost) {
    reorders |= now.ticks() < last.ticks();
    if (lost && reorders) {
      reordered.lost(packets, why(), dropped, last, now);
      forget();
    } else if (lost) {
      between(last, now);
    }
    reordered.frame(now);
  }

  /** From the end of one frame to the next. */
  private void between(Picture last, Picture next) {
    long interval = intervalTicks();
    long from =
        interval > 0
            ? last.nanosAt(Math.min(last.ticks() + interval, next.ticks()), next)
            : last.nanos() + Math.clamp((next.nanos() - last.nanos()) / 2, 0, FIRST_INTERVAL_NANOS);
    tell(last, from, next.nanos());
  }

  private void tell(Picture last, long fromNanos, long toNanos) {
    long from = Math.max(last.nanos(), fromNanos);
    listener.lost(from, Math.max(from, toNanos), packets, why());
    forget();
  }

  private long intervalTicks() {
    return reordered.intervalTicks(reorders ? ReorderedLoss.FEW : 2);
  }

  private long nanos(long ticks) {
    return Math.round(ticks * nanosPerTick);
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
    Picture last = newest;
    if (pending() && !found && last != null) {
      long end = last.nanos() + nanos(intervalTicks());
      tell(last, end, end);
    }
  }
}
