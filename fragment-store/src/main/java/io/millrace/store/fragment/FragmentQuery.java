package io.millrace.store.fragment;

import org.jspecify.annotations.Nullable;

/**
 * A question to the index. Ranges are inclusive on the fragment's start time.
 *
 * @param axis which clock the range means
 * @param fromNanos earliest start time, epoch ns
 * @param toNanos latest start time, epoch ns
 * @param after only fragments with a larger number; null from the oldest
 * @param limit at most this many answers, in number order
 */
public record FragmentQuery(
    TimeAxis axis, long fromNanos, long toNanos, @Nullable FragmentNumber after, int limit) {

  /** The two clocks every fragment carries. */
  public enum TimeAxis {
    PRODUCER,
    SERVER
  }
}
