package io.millrace.tests.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.tests.load.CameraClip;
import io.millrace.tests.process.Programs;
import io.millrace.tests.trial.LoadTrial;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The load trial, shortened: {@code ./millrace trial load} is the long one. */
class LoadTest {
  private static final int CAMERAS = 10;
  private static final int SECONDS = 8;

  @TempDir Path folder;

  @Test
  void camerasInRealTimeMissNoFragment() throws Exception {
    Path clip = folder.resolve("clip.mkv");
    Programs.writeCameraClip(clip, 3);
    LoadTrial.Report report =
        LoadTrial.run(
            folder.resolve("data"), CameraClip.read(clip), CAMERAS, Duration.ofSeconds(SECONDS));
    assertThat(report.failures()).isEmpty();
    assertThat(report.missing()).isEmpty();
    assertThat(report.sent()).isGreaterThanOrEqualTo(CAMERAS * (SECONDS - 1));
  }
}
