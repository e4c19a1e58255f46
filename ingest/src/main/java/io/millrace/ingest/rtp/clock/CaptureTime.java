package io.millrace.ingest.rtp.clock;

import io.millrace.media.track.ClockSource;

/**
 * When a frame was captured, and how sure that is.
 *
 * @param epochNanos epoch ns
 * @param source whose clock said so
 * @param errorNanos estimate of how far it may be off that clock, ns
 * @param jumped whether the clock was set to another time just before this frame: times before and
 *     after it are not comparable
 * @param movedNanos by how much times moved on just before this frame, in a jump or because another
 *     clock is used that agrees but for a little, ns; {@link #UNKNOWN} where they did not, or where
 *     nobody can say, as when the source began anew
 */
public record CaptureTime(
    long epochNanos, ClockSource source, long errorNanos, boolean jumped, long movedNanos) {
  /** No amount of time. */
  public static final long UNKNOWN = Long.MIN_VALUE;

  /** A time that did not jump, or by nobody knows how much. */
  public CaptureTime(long epochNanos, ClockSource source, long errorNanos, boolean jumped) {
    this(epochNanos, source, errorNanos, jumped, UNKNOWN);
  }
}
