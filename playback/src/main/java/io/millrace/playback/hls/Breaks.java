package io.millrace.playback.hls;

import io.millrace.store.fragment.FragmentEntry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Says before which fragments of a session the timeline may break. */
record Breaks(DiscontinuityMode mode, Duration tolerance) {
  boolean before(@Nullable FragmentEntry previous, FragmentEntry next) {
    if (previous == null) {
      return mode == DiscontinuityMode.ALWAYS;
    }
    if (previous.formatId() != next.formatId()) {
      return true;
    }
    return switch (mode) {
      case ALWAYS -> true;
      case NEVER -> false;
      case ON_DISCONTINUITY -> {
        long end = previous.producerTimeNanos() + previous.durationNanos();
        yield Math.abs(next.producerTimeNanos() - end) > tolerance.toNanos();
      }
    };
  }
}
