package io.millrace.tests.cameras;

import io.millrace.tests.process.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Encoders push and cameras are pulled for long over a network without faults: every picture that
 * was sent is stored bit by bit, and the timeline has no hole.
 */
public final class CleanTrial {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * What came of one source.
   *
   * @param sent pictures
   * @param stored pictures
   * @param equal whether those stored begin with all those sent, in order, to the last bit
   * @param holes of the timeline between the first picture and the last
   */
  public record Result(String source, int sent, int stored, boolean equal, int holes) {}

  private final ServerProcess server;
  private final SourcesApi sources;
  private final Path folder;
  private final int seconds;

  private CleanTrial(ServerProcess server, Path folder, int seconds) {
    this.server = server;
    this.folder = folder;
    this.seconds = seconds;
    sources = new SourcesApi(server);
  }

  /** Runs all sources at once. */
  public static List<Result> run(Path folder, int seconds) throws InterruptedException {
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"))) {
      return new CleanTrial(server, folder, seconds).run();
    }
  }

  private List<Result> run() throws InterruptedException {
    Path aac = CameraClip.h264AndAac(folder.resolve("aac.mkv"), seconds);
    // The pictures of both are the same; only what is heard differs.
    Path alaw = CameraClip.h264AndAlaw(folder.resolve("alaw.mkv"), seconds);
    Path h265 = CameraClip.h265(folder.resolve("h265.mkv"), seconds);
    Map<String, Path> pushed =
        Map.of("push-tcp", aac, "push-udp", aac, "push-h265", h265, "push-gst", aac);
    List<Pusher> pushers =
        List.of(
            Pusher.start(aac, rtsp("tcp", "push-tcp")),
            Pusher.start(aac, rtsp("udp", "push-udp")),
            Pusher.start(h265, rtsp("tcp", "push-h265")),
            Pusher.gstreamer(aac, server.rtsp() + "/live/push-gst"));
    Map<String, Path> pulled =
        Map.of("pull-tcp", aac, "pull-udp", aac, "pull-alaw", alaw, "pull-h265", h265);
    try (RtspCamera camera = RtspCamera.start(0, RtspCamera.h264AndAac(aac));
        RtspCamera telephone = RtspCamera.start(0, RtspCamera.h264AndAlaw(alaw));
        RtspCamera newer = RtspCamera.start(0, RtspCamera.h265(h265))) {
      sources.put("pull-tcp", Map.of("url", camera.url(), "transport", "tcp"));
      sources.put("pull-udp", Map.of("url", camera.url(), "transport", "udp"));
      sources.put("pull-alaw", Map.of("url", telephone.url(), "transport", "udp"));
      sources.put("pull-h265", Map.of("url", newer.url(), "transport", "tcp"));
      Thread.sleep(Duration.ofSeconds(seconds));
      for (String each : pulled.keySet()) {
        awaitStored(each);
        sources.delete(each);
      }
      for (Pusher each : pushers) {
        each.await(PATIENCE);
      }
    }
    List<Result> results = new ArrayList<>();
    for (Map<String, Path> all : List.of(pushed, pulled)) {
      for (Map.Entry<String, Path> each : all.entrySet()) {
        results.add(result(each.getKey(), each.getValue()));
      }
    }
    return results;
  }

  private String rtsp(String transport, String stream) {
    return "-c copy -f rtsp -rtsp_transport %s %s/live/%s"
        .formatted(transport, server.rtsp(), stream);
  }

  /** A camera begins its film again when it is over, so the last fragment ends soon. */
  private void awaitStored(String stream) throws InterruptedException {
    long untilNanos = System.nanoTime() + PATIENCE.toNanos();
    while (sources.fragments(stream) < seconds && System.nanoTime() < untilNanos) {
      Thread.sleep(500);
    }
  }

  private Result result(String stream, Path film) {
    List<String> sent = CameraClip.pictureMd5s(film);
    List<String> stored =
        CameraClip.pictureMd5s(sources.media(stream, folder.resolve(stream + ".mkv")));
    boolean equal = stored.size() >= sent.size() && stored.subList(0, sent.size()).equals(sent);
    return new Result(
        stream, sent.size(), stored.size(), equal, sources.holes(stream, seconds - 1));
  }
}
