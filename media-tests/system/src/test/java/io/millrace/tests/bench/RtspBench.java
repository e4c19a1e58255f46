package io.millrace.tests.bench;

import io.millrace.tests.load.RtpClip;
import io.millrace.tests.load.RtspLoadCamera;
import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/** CPU and memory of the server under RTSP cameras of 1080p30 at 4 Mbit/s, all durable. */
final class RtspBench implements Bench {
  private static final int FRAMES_PER_SECOND = 30;
  private static final Pattern FRAGMENT = Pattern.compile("FragmentNumber");

  @Override
  public String purpose() {
    return "CPU-s per camera-minute, RSS at 1, 10, 50, 100 cameras that push by RTSP over TCP";
  }

  @Override
  public void run(Table table) throws Exception {
    Path folder = Files.createTempDirectory("millrace-bench");
    Path clip = folder.resolve("clip.mkv");
    Programs.writeCameraClip(clip, 10);
    RtpClip camera = RtpClip.read(clip);
    table.head(
        "cameras",
        "CPU-s per camera-minute",
        "% of a core",
        "RSS MB",
        "seconds sent",
        "fragments stored",
        "failed cameras");
    for (int count : ServerLoad.cameras("1,10,50,100")) {
      measure(table, folder.resolve("data-" + count), camera, count);
    }
  }

  private static void measure(Table table, Path data, RtpClip clip, int count)
      throws InterruptedException {
    try (ServerProcess server = ServerProcess.start(data)) {
      AtomicBoolean stop = new AtomicBoolean();
      List<RtspLoadCamera> cameras = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        RtspLoadCamera camera =
            new RtspLoadCamera(URI.create(server.rtsp() + "/live/" + stream(i)), clip, stop);
        cameras.add(camera);
        threads.add(Thread.ofVirtual().start(camera));
        Thread.sleep(1000 / count);
      }
      ServerLoad load = ServerLoad.measure(server);
      stop.set(true);
      for (Thread thread : threads) {
        thread.join(20_000);
      }
      // The last fragments are on their way to the disk.
      Thread.sleep(2000);
      cameras.stream()
          .map(RtspLoadCamera::failure)
          .filter(failure -> !failure.isEmpty())
          .forEach(table::note);
      table.row(
          count,
          load.perCameraMinute(count),
          load.percentOfCore(),
          load.residentMb(),
          cameras.stream().mapToInt(RtspLoadCamera::sent).sum() / FRAMES_PER_SECOND,
          fragments(server, count),
          cameras.stream().filter(camera -> !camera.failure().isEmpty()).count());
    }
  }

  private static String stream(int camera) {
    return "load-%03d".formatted(camera);
  }

  private static long fragments(ServerProcess server, int count) {
    long fragments = 0;
    for (int i = 0; i < count; i++) {
      String list =
          server
              .post(
                  "/listFragments",
                  """
                  {"StreamName":"%s","MaxResults":1000,"FragmentSelector":{
                   "FragmentSelectorType":"SERVER_TIMESTAMP",
                   "TimestampRange":{"StartTimestamp":0,"EndTimestamp":4000000000}}}"""
                      .formatted(stream(i)))
              .body();
      fragments += FRAGMENT.matcher(list).results().count();
    }
    return fragments;
  }
}
