package io.millrace.tests.trial;

import io.millrace.tests.load.CameraClip;
import io.millrace.tests.load.CameraFleet;
import io.millrace.tests.load.LoadCamera;
import io.millrace.tests.process.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Many real-time cameras at once; every fragment sent must be acknowledged as PERSISTED. */
public final class LoadTrial {
  /**
   * What came out.
   *
   * @param sent fragments sent whole
   * @param missing fragments without PERSISTED, as stream and timecode
   * @param failures connections that ended early, with their reason
   */
  public record Report(int sent, List<String> missing, List<String> failures) {}

  private LoadTrial() {}

  /** Runs for a time. */
  public static Report run(Path data, CameraClip clip, int cameras, Duration time)
      throws InterruptedException {
    try (ServerProcess server = ServerProcess.start(data)) {
      CameraFleet fleet = CameraFleet.start(server, clip, cameras);
      Thread.sleep(time.toMillis());
      fleet.close();
      return new Report(
          fleet.cameras().stream().mapToInt(camera -> camera.sent().size()).sum(),
          fleet.missing(),
          fleet.cameras().stream()
              .filter(camera -> !camera.failure().isEmpty() || !camera.errors().isEmpty())
              .map(LoadTrial::describe)
              .toList());
    }
  }

  private static String describe(LoadCamera camera) {
    return camera.stream() + " " + camera.failure() + camera.errors();
  }
}
