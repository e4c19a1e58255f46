package io.millrace.playback.source;

import java.time.Instant;

/** Epoch nanoseconds, in which the index and frames count. */
public final class Nanos {
  public static final long PER_SECOND = 1_000_000_000L;
  public static final long PER_MILLI = 1_000_000L;
  private static final Instant LAST = Instant.ofEpochSecond(Long.MAX_VALUE / PER_SECOND - 1);
  private static final Instant FIRST = Instant.ofEpochSecond(-(Long.MAX_VALUE / PER_SECOND - 1));

  private Nanos() {}

  /** Instants beyond the years 1677 and 2262 become the nearest that can be told. */
  public static long of(Instant instant) {
    Instant held = instant.isAfter(LAST) ? LAST : instant.isBefore(FIRST) ? FIRST : instant;
    return held.getEpochSecond() * PER_SECOND + held.getNano();
  }

  public static Instant toInstant(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, PER_SECOND), Math.floorMod(nanos, PER_SECOND));
  }
}
