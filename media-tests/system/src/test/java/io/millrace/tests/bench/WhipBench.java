package io.millrace.tests.bench;

import io.millrace.tests.process.ServerProcess;
import io.millrace.tests.webrtc.WhipProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** CPU and memory of the server under WHIP cameras of 720p30 at 2.2 Mbit/s, all durable. */
final class WhipBench implements Bench {
  private static final int CLIP_SECONDS = 10;

  @Override
  public String purpose() {
    return "CPU per WHIP camera of 720p30, RSS, at 1 and 10 cameras that ffmpeg sends";
  }

  @Override
  public void run(Table table) throws Exception {
    Path folder = Files.createTempDirectory("millrace-bench");
    Path clip = folder.resolve("clip.mp4");
    WhipProgram.writeClip(clip, CLIP_SECONDS, "1280x720", "2200k");
    table.note("clip: %d kbit/s".formatted(Files.size(clip) * 8 / 1000 / CLIP_SECONDS));
    table.head("cameras", "% of a core per camera", "CPU-s per camera-minute", "RSS MB", "sending");
    for (int count : ServerLoad.cameras("1,10")) {
      measure(table, folder, clip, count);
    }
  }

  private static void measure(Table table, Path folder, Path clip, int count)
      throws InterruptedException {
    try (ServerProcess server = ServerProcess.start(folder.resolve("data-" + count))) {
      int times = (ServerLoad.WARM_UP_SECONDS + ServerLoad.MEASURED_SECONDS) / CLIP_SECONDS + 2;
      List<Process> cameras = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String stream = "whip-%02d".formatted(i);
        Path log = folder.resolve(stream + ".log");
        cameras.add(WhipProgram.push(server, clip, times, "0:v", stream, log));
      }
      ServerLoad load = ServerLoad.measure(server);
      long sending = cameras.stream().filter(Process::isAlive).count();
      cameras.forEach(Process::destroy);
      table.row(
          count,
          load.percentOfCore() / count,
          load.perCameraMinute(count),
          load.residentMb(),
          sending);
    }
  }
}
