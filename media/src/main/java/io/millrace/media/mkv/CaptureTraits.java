package io.millrace.media.mkv;

import io.millrace.media.track.ClockSource;

/**
 * How far the times and the frames of a fragment can be trusted; a part of {@link FragmentTraits}.
 *
 * @param clock whose clock its times are from
 * @param errorClass estimate of how far they may be off that clock: at most {@code 2^(errorClass -
 *     2)} ms for 1 to 14, more for 15, unknown for 0
 * @param clockJumped the clock was set to another time just before it
 * @param lossy frames of it are missing; the stream's events say which
 * @param cutAtLimit the fragment before ended at a limit and not before a keyframe, so this one
 *     goes on in the middle of a group of pictures
 */
public record CaptureTraits(
    ClockSource clock, int errorClass, boolean clockJumped, boolean lossy, boolean cutAtLimit) {
  /** Nothing is known. */
  public static final CaptureTraits UNKNOWN =
      new CaptureTraits(ClockSource.UNKNOWN, 0, false, false, false);

  /** The producer wrote the times itself and sent every frame it meant to. */
  public static final CaptureTraits PRODUCER =
      new CaptureTraits(ClockSource.PRODUCER, 0, false, false, false);

  /** Largest error class: above 4,096 ms. */
  public static final int MAX_ERROR_CLASS = 15;

  /** Bits that {@link #flags} uses, from bit 7 on. */
  static final int MASK = 0xff80;

  private static final int CLOCK_SHIFT = 7;
  private static final int ERROR_SHIFT = 9;
  private static final int CLOCK_JUMPED = 1 << 13;
  private static final int LOSSY = 1 << 14;
  private static final int CUT_AT_LIMIT = 1 << 15;
  private static final long FIRST_CLASS_NANOS = 500_000;

  public CaptureTraits {
    if (errorClass < 0 || errorClass > MAX_ERROR_CLASS) {
      throw new IllegalArgumentException("error class " + errorClass);
    }
  }

  /**
   * The class of an error.
   *
   * @param errorNanos not negative
   * @return 1 to {@link #MAX_ERROR_CLASS}
   */
  public static int errorClass(long errorNanos) {
    int error = 1;
    for (long bound = FIRST_CLASS_NANOS;
        errorNanos > bound && error < MAX_ERROR_CLASS;
        bound *= 2) {
      error++;
    }
    return error;
  }

  /** Upper bound of the error in nanoseconds; {@link Long#MAX_VALUE} where it has none. */
  public long maxErrorNanos() {
    return errorClass == 0 || errorClass == MAX_ERROR_CLASS
        ? Long.MAX_VALUE
        : FIRST_CLASS_NANOS << (errorClass - 1);
  }

  static CaptureTraits of(int flags) {
    return new CaptureTraits(
        switch (flags >>> CLOCK_SHIFT & 3) {
          case 1 -> ClockSource.CAMERA_NTP;
          case 2 -> ClockSource.PRODUCER;
          case 3 -> ClockSource.SERVER;
          default -> ClockSource.UNKNOWN;
        },
        flags >>> ERROR_SHIFT & MAX_ERROR_CLASS,
        (flags & CLOCK_JUMPED) != 0,
        (flags & LOSSY) != 0,
        (flags & CUT_AT_LIMIT) != 0);
  }

  int flags() {
    int source =
        switch (clock) {
          case UNKNOWN -> 0;
          case CAMERA_NTP -> 1;
          case PRODUCER -> 2;
          case SERVER -> 3;
        };
    return source << CLOCK_SHIFT
        | errorClass << ERROR_SHIFT
        | (clockJumped ? CLOCK_JUMPED : 0)
        | (lossy ? LOSSY : 0)
        | (cutAtLimit ? CUT_AT_LIMIT : 0);
  }
}
