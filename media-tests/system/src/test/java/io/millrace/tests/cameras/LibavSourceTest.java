package io.millrace.tests.cameras;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources that are read through libav; every frame is stored as it was sent. */
class LibavSourceTest {
  private static final int CLIP_SECONDS = 4;
  private static final int MOVING_SECONDS = 20;
  private static final String PASSPHRASE = "not-to-be-seen";

  @TempDir static Path folder;
  private static ServerProcess server;
  private static SourcesApi sources;
  private static HttpServer web;
  private static Path clip;

  @BeforeAll
  static void start() {
    server = ServerProcess.start(folder.resolve("data"), "--set", "sources.probe-time=3 s");
    sources = new SourcesApi(server);
    clip = CameraClip.h264AndAac(folder.resolve("clip.mkv"), CLIP_SECONDS);
    web =
        SimpleFileServer.createFileServer(
            new InetSocketAddress("127.0.0.1", 0),
            folder.toAbsolutePath(),
            SimpleFileServer.OutputLevel.NONE);
    web.start();
  }

  /** A test that fails leaves no sources to the next. */
  @AfterEach
  void deleteAll() {
    sources.names().forEach(sources::delete);
  }

  @AfterAll
  static void stop() {
    web.stop(0);
    server.close();
  }

  private static String served(String path) {
    return "http://127.0.0.1:" + web.getAddress().getPort() + "/" + path;
  }

  /** The worker listens some time after the source was set; who sends tries again until then. */
  private static void pushUntilTaken(String stream, Path media, String options) {
    await()
        .atMost(40, SECONDS)
        .until(
            () -> {
              try (Pusher pusher = Pusher.start(media, options)) {
                pusher.await();
              }
              return sources.fragments(stream) > 0;
            });
  }

  @Test
  void anEncoderPushesByRtmp() {
    String url = "rtmp://:" + Pusher.port() + "/live/key";
    sources.put("rtmp", Map.of("url", url));
    pushUntilTaken("rtmp", clip, "-c copy -f flv " + url.replace("//:", "//127.0.0.1:"));
    assertStored("rtmp", clip, CLIP_SECONDS);
    sources.delete("rtmp");
  }

  @Test
  void anEncoderPushesBySrtWithAPassphrase() {
    int port = Pusher.port();
    sources.put("srt", Map.of("url", "srt://:" + port + "?mode=listener&passphrase=" + PASSPHRASE));
    assertThat(sources.get("srt").path("url").asText()).doesNotContain(PASSPHRASE);
    pushUntilTaken(
        "srt",
        clip,
        "-c copy -f mpegts srt://127.0.0.1:%d?passphrase=%s".formatted(port, PASSPHRASE));
    // SRT delivers after its latency, and drops what it holds when the sender hangs up.
    assertStored("srt", clip, CLIP_SECONDS, 25);
    assertThat(server.log()).doesNotContain(PASSPHRASE);
    assertThat(workers()).isNotEmpty();
    assertThat(workers()).noneMatch(worker -> arguments(worker).contains(PASSPHRASE));
    sources.delete("srt");
  }

  @Test
  void aPlaylistIsRead() throws Exception {
    Files.createDirectories(folder.resolve("hls"));
    Programs.run(
            ("ffmpeg -nostdin -v error -i %s -c copy -f hls -hls_time 1 -hls_playlist_type vod %s")
                .formatted(clip, folder.resolve("hls/index.m3u8"))
                .split(" "))
        .orThrow();
    sources.put("hls", Map.of("url", served("hls/index.m3u8")));
    await().atMost(30, SECONDS).until(() -> sources.fragments("hls") >= CLIP_SECONDS);
    sources.delete("hls");
    assertStored("hls", clip, CLIP_SECONDS);
  }

  /** Together, since most of the time is the films'. */
  @Test
  void encodersThatWaitToBeCalledAndPlaylistsThatMove() throws Exception {
    String rtmp = "rtmp://127.0.0.1:%d/live/key".formatted(Pusher.port());
    String srt = "srt://127.0.0.1:" + Pusher.port();
    Path film = CameraClip.h264AndAac(folder.resolve("film.mkv"), MOVING_SECONDS);
    Path moving = Files.createDirectories(folder.resolve("moving")).resolve("index.m3u8");
    try (Pusher rtmpCamera = Pusher.start(clip, "-c copy -f flv -listen 1 " + rtmp);
        Pusher srtCamera = Pusher.start(clip, "-c copy -f mpegts " + srt + "?mode=listener");
        Pusher packager =
            Pusher.start(
                film,
                "-c copy -f hls -hls_time 1 -hls_list_size 3 -hls_flags delete_segments+omit_endlist "
                    + moving)) {
      sources.put("rtmp-called", Map.of("url", rtmp));
      sources.put("srt-called", Map.of("url", srt));
      // The packager writes the playlist with its first segment.
      await().atMost(20, SECONDS).until(() -> Files.exists(moving));
      sources.put("moving", Map.of("url", served("moving/index.m3u8")));
      sources.put("sealed", Map.of("url", encrypted()));
      assertThat(rtmpCamera.await()).as("all of it was taken").isZero();
      assertThat(srtCamera.await()).isZero();
      await()
          .atMost(30, SECONDS)
          .until(
              () -> sources.fragments("sealed") >= CLIP_SECONDS && sources.fragments("moving") > 3);
      assertThat(sources.get("moving").path("attempts").asInt()).as("of one connection").isOne();
      sources.delete("moving");
      packager.close();
    }
    List.of("rtmp-called", "srt-called", "sealed").forEach(sources::delete);
    Stream.<Runnable>of(
            () -> assertStored("rtmp-called", clip, CLIP_SECONDS),
            () -> assertStored("srt-called", clip, CLIP_SECONDS - 1, 25),
            () -> assertStored("sealed", clip, CLIP_SECONDS),
            () -> assertPartOf("moving", film))
        .parallel()
        .forEach(Runnable::run);
    assertThat(sources.timeline("rtmp-called").path("notes"))
        .as("what libav read ahead moves no clock")
        .isEmpty();
  }

  private static void assertPartOf(String stream, Path film) {
    List<String> sent = CameraClip.pictureMd5s(film);
    Path got = sources.media(stream, folder.resolve("got-" + stream + ".mkv"));
    assertThat(Collections.indexOfSubList(sent, CameraClip.pictureMd5s(got)))
        .as("pictures in a row")
        .isNotNegative();
  }

  /** A playlist whose segments are encrypted, with the key beside it. */
  private static String encrypted() throws IOException {
    Path place = Files.createDirectories(folder.resolve("sealed"));
    Files.write(place.resolve("key"), "sixteen bytes 16".getBytes(StandardCharsets.US_ASCII));
    Path keys = folder.resolve("sealed.keys");
    Files.writeString(keys, served("sealed/key") + "\n" + place.resolve("key") + "\n");
    Programs.run(
            ("ffmpeg -nostdin -v error -i %s -c copy -f hls -hls_time 1 -hls_playlist_type vod"
                    + " -hls_key_info_file %s %s")
                .formatted(clip, keys, place.resolve("index.m3u8"))
                .split(" "))
        .orThrow();
    assertThat(place.resolve("index.m3u8")).content().contains("METHOD=AES-128");
    return served("sealed/index.m3u8");
  }

  @Test
  void aPlaylistReadsNoFilesOfTheServer() throws Exception {
    Files.createDirectories(folder.resolve("bad"));
    Programs.run(
            ("ffmpeg -nostdin -v error -i %s -c copy -f mpegts %s")
                .formatted(clip, folder.resolve("bad/segment.ts"))
                .split(" "))
        .orThrow();
    Files.writeString(
        folder.resolve("bad/index.m3u8"),
        "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile://"
            + folder.resolve("bad/segment.ts").toAbsolutePath()
            + "\n#EXT-X-ENDLIST\n");
    JsonNode probed = sources.probe(Map.of("url", served("bad/index.m3u8")));
    assertThat(probed.path("usable").asBoolean()).as("%s", probed).isFalse();
  }

  @Test
  void picturesOfAnHttpCameraAreStoredAsTheyCome() {
    Path jpeg = folder.resolve("jpeg.mkv");
    Programs.run(
            ("ffmpeg -nostdin -v error -i %s -an -c:v mjpeg -q:v 5 %s")
                .formatted(clip, jpeg)
                .split(" "))
        .orThrow();
    int port = Pusher.port();
    String url = "http://127.0.0.1:" + port + "/mjpeg";
    try (Pusher camera =
        Pusher.start(
            jpeg,
            "-c copy -f mpjpeg -listen 1 -content_type multipart/x-mixed-replace;boundary=ffmpeg "
                + url)) {
      sources.put("jpeg", Map.of("url", url));
      assertThat(camera.await()).isZero();
      await().atMost(20, SECONDS).until(() -> server.log().contains("feed_ended stream=jpeg"));
      sources.delete("jpeg");
      List<String> stored = packetMd5s(sources.media("jpeg", folder.resolve("got-jpeg.mkv")));
      assertThat(stored).isEqualTo(packetMd5s(jpeg));
    }
  }

  private static List<String> packetMd5s(Path file) {
    return Programs.run(
            ("ffmpeg -nostdin -v error -i " + file + " -map 0:v:0 -c copy -f framemd5 -")
                .split(" "))
        .orThrow()
        .out()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.substring(line.lastIndexOf(',') + 1).strip())
        .toList();
  }

  @Test
  void aWorkerThatDiesIsReplacedAndAFileBeginsAnew() {
    Path file = CameraClip.h265(folder.resolve("file.mkv"), 30);
    sources.put("file", Map.of("url", served(file.getFileName().toString())));
    await().atMost(30, SECONDS).until(() -> sources.fragments("file") >= 2);
    assertThat(workers()).isNotEmpty().allMatch(ProcessHandle::destroyForcibly);
    await()
        .atMost(10, SECONDS)
        .until(() -> sources.get("file").path("lastError").asText().contains("process"));
    int before = sources.fragments("file");
    await().atMost(20, SECONDS).until(() -> sources.fragments("file") >= before + 2);
    sources.delete("file");
    await().atMost(10, SECONDS).until(() -> workers().isEmpty());
  }

  private static List<ProcessHandle> workers() {
    return ProcessHandle.of(server.pid())
        .orElseThrow()
        .children()
        .filter(child -> arguments(child).contains("SourceWorkerMain"))
        .toList();
  }

  /** What everybody on the machine sees; the JDK gives only its beginning. */
  private static String arguments(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void aProbeTellsWhatComesOrWhyNothingDoes() {
    JsonNode probed = sources.probe(Map.of("url", served("clip.mkv")));
    assertThat(probed.path("usable").asBoolean()).as("%s", probed).isTrue();
    assertThat(probed.path("tracks").path(0).path("codec").asText()).isEqualTo("H264");
    assertThat(probed.path("tracks").path(0).path("width").asInt()).isEqualTo(640);
    assertThat(probed.path("tracks").path(0).path("framesPerSecond").asDouble())
        .isBetween(23.0, 27.0);
    assertThat(probed.path("tracks").path(1).path("codec").asText()).isEqualTo("AAC");
    JsonNode none = sources.probe(Map.of("url", served("nothing.mkv")));
    assertThat(none.path("usable").asBoolean()).isFalse();
    assertThat(none.path("reason").asText()).contains("404");
  }

  /** The source may begin again after its clip, so more may be stored than that. */
  private static void assertStored(String stream, Path sent, int fragments) {
    assertStored(stream, sent, fragments, 0);
  }

  /**
   * @param missing frames that may not have come at the end
   */
  private static void assertStored(String stream, Path sent, int fragments, int missing) {
    await()
        .atMost(10, SECONDS)
        .untilAsserted(
            () -> assertThat(sources.fragments(stream)).isGreaterThanOrEqualTo(fragments));
    Path got = sources.media(stream, folder.resolve("got-" + stream + ".mkv"));
    assertBegins(CameraClip.pictureMd5s(got), CameraClip.pictureMd5s(sent), missing);
    assertBegins(CameraClip.soundMd5s(got), CameraClip.soundMd5s(sent), missing);
  }

  private static void assertBegins(List<String> stored, List<String> sent, int missing) {
    int least = sent.size() - missing;
    assertThat(stored).hasSizeGreaterThanOrEqualTo(least);
    assertThat(stored.subList(0, least)).isEqualTo(sent.subList(0, least));
  }
}
