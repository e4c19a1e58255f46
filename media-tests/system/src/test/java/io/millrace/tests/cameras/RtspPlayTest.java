package io.millrace.tests.cameras;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Players read live and stored media. */
class RtspPlayTest {
  private static final int CLIP_SECONDS = 4;
  private static final int FRAMES_A_SECOND = 25;

  @TempDir static Path folder;
  private static ServerProcess server;
  private static SourcesApi streams;
  private static Path clip;

  @BeforeAll
  static void start() throws IOException {
    server = ServerProcess.start(folder.resolve("data"));
    streams = new SourcesApi(server);
    clip = CameraClip.h264AndAac(folder.resolve("clip.mkv"), CLIP_SECONDS);
    push("stored").onExit().join();
    await().atMost(10, SECONDS).until(() -> streams.fragments("stored") >= CLIP_SECONDS);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Process push(String stream) {
    try {
      return new ProcessBuilder(
              ("ffmpeg -nostdin -v error -re -stream_loop %d -i %s -c copy -f rtsp"
                      + " -rtsp_transport tcp %s/live/%s")
                  .formatted(stream.equals("stored") ? 0 : 5, clip, server.rtsp(), stream)
                  .split(" "))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatIsStoredIsReadWholeOverTcpAndUdp() {
    for (String transport : List.of("tcp", "udp")) {
      assertThat(read(transport, "/replay/stored", "-frames:v 100"))
          .as(transport)
          .isEqualTo(CameraClip.pictureMd5s(clip));
    }
  }

  @Test
  void aSeekLandsOnTheKeyframeBefore() {
    Instant start =
        Instant.parse(streams.timeline("stored").path("ranges").path(0).path("start").asText());
    List<String> sent = CameraClip.pictureMd5s(clip);
    String from = start.plusMillis(2300).toString();
    assertThat(read("tcp", "/replay/stored?start=" + from + "&speed=4", "-frames:v 50"))
        .isEqualTo(sent.subList(2 * FRAMES_A_SECOND, sent.size()));
    String until = start.plusMillis(1500).toString();
    assertThat(read("tcp", "/replay/stored?start=" + start + "&end=" + until, "-frames:v 30"))
        .isEqualTo(sent.subList(0, 30));
    String seek = "-noaccurate_seek -ss 2.3 -rtsp_transport tcp -i ";
    List<String> sought =
        CameraClip.pictureMd5s(seek + server.rtsp() + "/replay/stored", "-frames:v 25");
    assertThat(sought).isEqualTo(sent.subList(2 * FRAMES_A_SECOND, 3 * FRAMES_A_SECOND));
  }

  @Test
  void whatComesIsReadLive() {
    Process camera = push("coming");
    try {
      await().atMost(10, SECONDS).until(() -> streams.fragments("coming") >= 1);
      List<String> sent = CameraClip.pictureMd5s(clip);
      for (String transport : List.of("tcp", "udp")) {
        List<String> read = read(transport, "/live/coming", "-frames:v 20");
        assertThat(read).as(transport).hasSize(20);
        assertThat(sent).containsAll(read);
      }
    } finally {
      camera.destroyForcibly();
    }
  }

  @Test
  void anUnknownStreamIsNotFound() {
    Programs.Result result =
        Programs.run(
            "ffprobe", "-v", "error", "-rtsp_transport", "tcp", server.rtsp() + "/live/nobody");
    assertThat(result.status()).isNotZero();
    assertThat(result.err()).contains("404");
  }

  private static List<String> read(String transport, String path, String options) {
    String url = server.rtsp() + path;
    return CameraClip.pictureMd5s("-rtsp_transport " + transport + " -i " + url, options);
  }
}
