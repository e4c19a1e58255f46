package io.millrace.media.mp4;

import io.millrace.media.track.Frame;
import io.millrace.media.track.UnsupportedMedia;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/** Decode times, durations and composition offsets of the samples of one segment, in ticks. */
final class SampleTimes {
  /** How far container times may lie from a steady audio grid and still be that grid, rounded. */
  private static final long GRID_TOLERANCE_NANOS = 2_000_000;

  /** For a single frame of which nothing tells the duration. */
  private static final long FALLBACK_DURATION_NANOS = 33_333_333;

  final long[] decode;
  final int[] durations;
  final int[] offsets;

  private SampleTimes(long[] decode, int[] durations, int[] offsets) {
    this.decode = decode;
    this.durations = durations;
    this.offsets = offsets;
  }

  /** Whether any sample is shown at another place than it is decoded. */
  boolean reordered() {
    for (int offset : offsets) {
      if (offset != 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Video: containers give presentation times in decoding order; the decode times are the same set
   * in rising order, and what they differ by is the signed composition offset.
   */
  static SampleTimes video(
      List<Frame> frames, Timescale scale, long baseNanos, OptionalLong lastNanos, long nominal)
      throws UnsupportedMedia {
    long[] shown = presentationTicks(frames, scale, baseNanos);
    long[] decode = shown.clone();
    Arrays.sort(decode);
    long latest = Long.MIN_VALUE;
    long declared = 0;
    for (Frame frame : frames) {
      if (frame.ptsNanos() >= latest) {
        latest = frame.ptsNanos();
        declared = frame.durationNanos();
      }
    }
    long end = endTicks(decode, scale, latest - baseNanos, lastNanos, declared, nominal);
    int[] durations = durations(decode, end);
    int[] offsets = new int[decode.length];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = (int) (shown[i] - decode[i]);
    }
    return new SampleTimes(decode, durations, offsets);
  }

  /**
   * Audio: when all times lie on the grid of exact frame lengths within what a container's rounding
   * explains, that grid is used; otherwise the container's own times.
   *
   * @param frameTicks samples per frame
   */
  static SampleTimes audio(
      List<Frame> frames, Timescale scale, long baseNanos, OptionalLong lastNanos, int frameTicks)
      throws UnsupportedMedia {
    long[] decode = presentationTicks(frames, scale, baseNanos);
    Arrays.sort(decode);
    long tolerance = scale.ticks(GRID_TOLERANCE_NANOS);
    boolean steady = true;
    for (int i = 0; i < decode.length; i++) {
      steady &= Math.abs(decode[i] - (decode[0] + (long) i * frameTicks)) <= tolerance;
    }
    if (steady) {
      for (int i = 1; i < decode.length; i++) {
        decode[i] = decode[0] + (long) i * frameTicks;
      }
    }
    long latest = frames.stream().mapToLong(Frame::ptsNanos).max().orElseThrow() - baseNanos;
    long end = decode[decode.length - 1] + frameTicks;
    if (lastNanos.isPresent()) {
      end = Math.max(decode[decode.length - 1], scale.ticks(latest + lastNanos.getAsLong()));
    }
    return new SampleTimes(decode, durations(decode, end), new int[decode.length]);
  }

  private static long[] presentationTicks(List<Frame> frames, Timescale scale, long baseNanos) {
    long[] ticks = new long[frames.size()];
    for (int i = 0; i < ticks.length; i++) {
      long relative = frames.get(i).ptsNanos() - baseNanos;
      if (relative < 0) {
        throw new IllegalArgumentException(
            "frame at %d ns lies before the base time %d ns"
                .formatted(frames.get(i).ptsNanos(), baseNanos));
      }
      ticks[i] = scale.ticks(relative);
    }
    return ticks;
  }

  private static long endTicks(
      long[] decode,
      Timescale scale,
      long latestNanos,
      OptionalLong lastNanos,
      long declaredNanos,
      long nominalNanos) {
    int n = decode.length;
    if (lastNanos.isPresent()) {
      return Math.max(decode[n - 1], scale.ticks(latestNanos + lastNanos.getAsLong()));
    }
    if (declaredNanos > 0) {
      return scale.ticks(latestNanos + declaredNanos);
    }
    if (nominalNanos > 0) {
      return scale.ticks(latestNanos + nominalNanos);
    }
    return n > 1
        ? 2 * decode[n - 1] - decode[n - 2]
        : scale.ticks(latestNanos + FALLBACK_DURATION_NANOS);
  }

  private static int[] durations(long[] decode, long end) throws UnsupportedMedia {
    if (end - decode[0] > Integer.MAX_VALUE) {
      throw new UnsupportedMedia(
          "frames of one fragment are %d ticks apart".formatted(end - decode[0]), 0, "");
    }
    int[] durations = new int[decode.length];
    for (int i = 0; i < durations.length; i++) {
      long next = i + 1 < durations.length ? decode[i + 1] : end;
      durations[i] = (int) (next - decode[i]);
    }
    return durations;
  }
}
