package io.millrace.playback.frame;

import java.time.Duration;

/**
 * Limits and choices of the operations that answer with pictures.
 *
 * @param gapTolerance the last frame before a hole up to this long is shown through it
 * @param picturesPerJob most pictures taken out of one fragment by one decode job
 * @param imageBytes largest picture in a GetImages answer
 * @param pageBytes a GetImages page ends early when its pictures take more
 */
public record FrameSettings(
    Duration gapTolerance, int picturesPerJob, int imageBytes, int pageBytes) {
  /** 50 ms, 16 pictures a job, 4.5 MiB (6 MiB in base64) a picture, 24 MiB a page. */
  public static FrameSettings defaults() {
    return new FrameSettings(Duration.ofMillis(50), 16, 4_718_592, 24 << 20);
  }
}
