package io.millrace.tests.hostile;

import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import io.millrace.tests.webrtc.WhipProgram;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Three cameras as they should be: RTSP over TCP, RTSP over UDP, WHIP; all send the same clip. */
final class GoodCameras implements AutoCloseable {
  static final String BY_TCP = "rtsp-tcp";
  static final String BY_UDP = "rtsp-udp";
  static final String BY_WHIP = "whip";
  static final int CLIP_SECONDS = 2;
  private static final int QUIET_MILLIS = 1000;

  private final Path folder;
  private final Path clip;
  private final int times;
  private final Map<String, Process> running = new LinkedHashMap<>();

  /**
   * What is stored of a camera.
   *
   * @param sent pictures sent
   * @param stored pictures stored
   * @param missing pictures that are not where they were sent, counted from the first that differs
   */
  record Kept(String camera, int sent, int stored, int missing) {}

  /**
   * @param clip of {@link #CLIP_SECONDS}
   * @param times how often each sends it
   */
  GoodCameras(Path folder, Path clip, int times) {
    this.folder = folder;
    this.clip = clip;
    this.times = times;
  }

  static void writeClip(Path file) {
    WhipProgram.writeClip(file, CLIP_SECONDS, "640x360", "1M");
  }

  void start(ServerProcess server, URI whip) throws IOException {
    for (String transport : List.of("tcp", "udp")) {
      String stream = "rtsp-" + transport;
      String command =
          "ffmpeg -nostdin -v error -re -stream_loop %d -i %s -map 0:v -c copy -f rtsp"
              + " -rtsp_transport %s %s/live/%s";
      running.put(
          stream,
          new ProcessBuilder(
                  command.formatted(times - 1, clip, transport, server.rtsp(), stream).split(" "))
              .redirectErrorStream(true)
              .redirectOutput(log(stream).toFile())
              .start());
    }
    running.put(
        BY_WHIP, WhipProgram.push(whip + "/whip/" + BY_WHIP, clip, times, "0:v", log(BY_WHIP)));
  }

  private Path log(String stream) {
    return folder.resolve(stream + ".log");
  }

  /** Waits until all have sent everything; returns what went wrong with them. */
  List<String> await() throws IOException, InterruptedException {
    List<String> complaints = new ArrayList<>();
    for (Map.Entry<String, Process> each : running.entrySet()) {
      boolean ended = each.getValue().waitFor(CLIP_SECONDS * times + 30, TimeUnit.SECONDS);
      if (!ended || each.getValue().exitValue() != 0) {
        complaints.add(
            "camera %s %s: %s"
                .formatted(
                    each.getKey(),
                    ended ? "failed" : "hangs",
                    Files.readString(log(each.getKey())).strip()));
      }
    }
    return complaints;
  }

  /** Holds what is stored against what was sent, picture by picture. */
  List<Kept> kept(ServerProcess server) {
    List<String> once = pictures(clip);
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      sent.addAll(once);
    }
    List<CompletableFuture<Kept>> kept = new ArrayList<>();
    for (String stream : List.of(BY_TCP, BY_UDP, BY_WHIP)) {
      kept.add(
          CompletableFuture.supplyAsync(
              () -> kept(server, stream, sent), Thread::startVirtualThread));
    }
    return kept.stream().map(CompletableFuture::join).toList();
  }

  private Kept kept(ServerProcess server, String stream, List<String> sent) {
    Path file = folder.resolve(stream + ".mkv");
    try {
      fetch(server, stream, file);
      List<String> stored = Files.size(file) == 0 ? List.of() : pictures(file);
      return new Kept(stream, sent.size(), stored.size(), missing(sent, stored));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Pictures of those sent that do not follow each other among those stored. */
  private static int missing(List<String> sent, List<String> stored) {
    int at = 0;
    int found = 0;
    for (String each : sent) {
      int next = at;
      while (next < stored.size() && !stored.get(next).equals(each)) {
        next++;
      }
      if (next < stored.size()) {
        found++;
        at = next + 1;
      }
    }
    return sent.size() - found;
  }

  /** MD5 of each decoded picture. */
  private static List<String> pictures(Path file) {
    // Its other complaints are about the container, which has a document for each fragment.
    return Programs.run(
            "ffmpeg -nostdin -v fatal -i %s -map 0:v:0 -fps_mode passthrough -f framemd5 -"
                .formatted(file)
                .split(" "))
        .orThrow()
        .out()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.substring(line.lastIndexOf(',') + 1).strip())
        .toList();
  }

  /** Everything by GetMedia, until nothing more comes for a while. */
  private static void fetch(ServerProcess server, String stream, Path file) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) server.endpoint().resolve("/getMedia").toURL().openConnection();
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setReadTimeout(QUIET_MILLIS);
    connection.setRequestProperty("Content-Type", "application/json");
    try (OutputStream out = connection.getOutputStream()) {
      out.write(
          "{\"StreamName\":\"%s\",\"StartSelector\":{\"StartSelectorType\":\"EARLIEST\"}}"
              .formatted(stream)
              .getBytes(StandardCharsets.US_ASCII));
    }
    try (OutputStream out = Files.newOutputStream(file);
        InputStream in = connection.getInputStream()) {
      in.transferTo(out);
    } catch (SocketTimeoutException e) {
      // Live media never end by themselves.
    } finally {
      connection.disconnect();
    }
  }

  @Override
  public void close() {
    running.values().forEach(Process::destroyForcibly);
  }
}
