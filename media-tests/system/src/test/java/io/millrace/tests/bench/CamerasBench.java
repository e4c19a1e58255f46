package io.millrace.tests.bench;

import io.millrace.tests.load.CameraClip;
import io.millrace.tests.load.CameraFleet;
import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** CPU, memory and ack time of the server under cameras of 1080p30 at 4 Mbit/s, all durable. */
final class CamerasBench implements Bench {
  @Override
  public String purpose() {
    return "CPU-s per camera-minute, ack time, RSS at 1, 10, 50, 100 PutMedia cameras";
  }

  @Override
  public void run(Table table) throws Exception {
    Path folder = Files.createTempDirectory("millrace-bench");
    Path clip = folder.resolve("clip.mkv");
    Programs.writeCameraClip(clip, 10);
    CameraClip camera = CameraClip.read(clip);
    table.head(
        "cameras",
        "CPU-s per camera-minute",
        "% of a core",
        "ack p50 ms",
        "ack p99 ms",
        "RSS MB",
        "fragments",
        "not acknowledged");
    for (int count : ServerLoad.cameras("1,10,50,100")) {
      measure(table, folder.resolve("data-" + count), camera, count);
    }
  }

  private static void measure(Table table, Path data, CameraClip clip, int count)
      throws InterruptedException {
    try (ServerProcess server = ServerProcess.start(data)) {
      CameraFleet fleet = CameraFleet.start(server, clip, count);
      ServerLoad load = ServerLoad.measure(server);
      fleet.close();
      List<Double> acks = fleet.ackMillis();
      fleet.cameras().stream()
          .filter(camera -> !camera.failure().isEmpty() || !camera.errors().isEmpty())
          .forEach(
              camera -> table.note(camera.stream() + " " + camera.failure() + camera.errors()));
      table.row(
          count,
          load.perCameraMinute(count),
          load.percentOfCore(),
          Table.percentile(acks, 0.5),
          Table.percentile(acks, 0.99),
          load.residentMb(),
          acks.size(),
          fleet.missing().size());
    }
  }
}
