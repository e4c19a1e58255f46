package io.millrace.tests.bench;

import io.millrace.tests.load.CameraClip;
import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Time to one 1080p frame by wall-clock time, beside the ffmpeg command on a file. */
final class FrameBench implements Bench {
  private static final int SECONDS = 60;
  private static final int REQUESTS = 100;

  @Override
  public String purpose() {
    return "frame.jpg latency at 1080p, warm and cold, beside the ffmpeg command";
  }

  @Override
  public void run(Table table) throws Exception {
    Path folder = Files.createTempDirectory("millrace-bench");
    Path clipFile = folder.resolve("clip.mkv");
    Programs.writeCameraClip(clipFile, SECONDS);
    Path data = folder.resolve("data");
    try (ServerProcess server = ServerProcess.start(data)) {
      StoredClip.send(server, CameraClip.read(clipFile));
      table.head("request", "p50 ms", "p99 ms");
      measure(server, 20, new Random(0));
      report(
          table,
          "any frame of a 1 s GOP, data in memory",
          measure(server, REQUESTS, new Random(1)));
      report(table, "keyframe, data in memory", measureKeyframes(server));
    }
    // A new process has nothing in memory; each request goes to a fragment it has not touched.
    try (ServerProcess server = ServerProcess.start(data)) {
      server.get("/v1/streams/bench/timeline");
      report(table, "any frame, after a restart, each fragment once", measureCold(server));
    }
    report(table, "ffmpeg -ss T -i file -frames:v 1 out.jpg", measureFfmpeg(clipFile, folder));
  }

  private static List<Double> measure(ServerProcess server, int requests, Random random)
      throws Exception {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      millis.add(frameAt(server, StoredClip.START_MILLIS + random.nextInt(SECONDS * 1000 - 100)));
    }
    return millis;
  }

  private static List<Double> measureKeyframes(ServerProcess server) throws Exception {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      millis.add(frameAt(server, StoredClip.START_MILLIS + i % SECONDS * 1000L + 5));
    }
    return millis;
  }

  private static List<Double> measureCold(ServerProcess server) throws Exception {
    List<Double> millis = new ArrayList<>();
    for (int second = 0; second < SECONDS; second++) {
      millis.add(frameAt(server, StoredClip.START_MILLIS + second * 1000L + 500));
    }
    return millis;
  }

  private static double frameAt(ServerProcess server, long epochMillis) throws Exception {
    URI uri =
        server
            .endpoint()
            .resolve("/v1/streams/bench/frame.jpg?at=" + Instant.ofEpochMilli(epochMillis));
    long start = System.nanoTime();
    HttpResponse<byte[]> reply =
        CLIENT.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
    if (reply.statusCode() != 200) {
      throw new IllegalStateException(
          reply.statusCode()
              + " "
              + new String(reply.body(), java.nio.charset.StandardCharsets.UTF_8));
    }
    return (System.nanoTime() - start) / 1e6;
  }

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static List<Double> measureFfmpeg(Path clip, Path folder) {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      long start = System.nanoTime();
      Programs.run(
              "ffmpeg",
              "-nostdin",
              "-v",
              "error",
              "-y",
              "-ss",
              Double.toString(2 * i + 0.5),
              "-i",
              clip.toString(),
              "-frames:v",
              "1",
              folder.resolve("out.jpg").toString())
          .orThrow();
      millis.add((System.nanoTime() - start) / 1e6);
    }
    return millis;
  }

  private static void report(Table table, String what, List<Double> millis) {
    List<Double> ascending = millis.stream().sorted().toList();
    table.row(what, Table.percentile(ascending, 0.5), Table.percentile(ascending, 0.99));
  }
}
