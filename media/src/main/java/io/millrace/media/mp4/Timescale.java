package io.millrace.media.mp4;

import io.millrace.media.aac.AacConfig;
import io.millrace.media.codec.Codec;
import io.millrace.media.opus.OpusConfig;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;

/**
 * Ticks per second of a track in our MP4. Times are converted from absolute nanoseconds each on its
 * own, never by adding rounded steps, so nothing drifts.
 *
 * @param ticksPerSecond 90,000 for video, which holds whole milliseconds and 90 kHz clocks exactly;
 *     the sampling rate for AAC and Opus
 */
public record Timescale(int ticksPerSecond) {
  private static final int VIDEO = 90_000;
  private static final long NANOS = 1_000_000_000L;

  /**
   * The scale of a track.
   *
   * @throws MediaException if its AudioSpecificConfig cannot be read
   */
  public static Timescale of(Track track) throws MediaException {
    return switch (Codec.of(track)) {
      case AAC -> new Timescale(AacConfig.parse(track.codecPrivate().view()).outputSamplingHz());
      case OPUS -> new Timescale(OpusConfig.SAMPLING_HZ);
      default -> new Timescale(VIDEO);
    };
  }

  /** Nearest tick. */
  public long ticks(long nanos) {
    long seconds = Math.floorDiv(nanos, NANOS);
    long rest = Math.floorMod(nanos, NANOS);
    return seconds * ticksPerSecond + (rest * ticksPerSecond + NANOS / 2) / NANOS;
  }

  /** Nearest nanosecond. */
  public long nanos(long ticks) {
    long seconds = Math.floorDiv(ticks, ticksPerSecond);
    long rest = Math.floorMod(ticks, ticksPerSecond);
    return seconds * NANOS + (rest * NANOS + ticksPerSecond / 2) / ticksPerSecond;
  }
}
