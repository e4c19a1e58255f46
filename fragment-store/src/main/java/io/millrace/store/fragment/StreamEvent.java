package io.millrace.store.fragment;

/**
 * Something that befell a stream and that its fragments do not show: a source that left, frames
 * that never came. Kept as long as the fragments of its time.
 *
 * @param kind what it was; opaque to the store
 * @param startNanos when it began, on the axis of producer times, epoch ns
 * @param endNanos when it was over, not before it began; the same for a moment
 * @param serverTimeMillis epoch milliseconds at which the server noticed
 * @param count of what was lost; opaque to the store
 * @param detail in words for people, at most {@link #MAX_DETAIL} characters
 */
public record StreamEvent(
    int kind, long startNanos, long endNanos, long serverTimeMillis, int count, String detail) {
  /** Most characters of a detail. */
  public static final int MAX_DETAIL = 1000;

  public StreamEvent {
    if (endNanos < startNanos || serverTimeMillis < 0) {
      throw new IllegalArgumentException(
          "event from %d to %d noticed at %d".formatted(startNanos, endNanos, serverTimeMillis));
    }
    if (detail.length() > MAX_DETAIL) {
      throw new IllegalArgumentException(
          "detail of %d characters, at most %d".formatted(detail.length(), MAX_DETAIL));
    }
  }
}
