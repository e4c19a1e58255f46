package io.millrace.tests.rtsp;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.tests.fixtures.Recordings;
import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.bytedeco.ffmpeg.ffmpeg;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A recent ffmpeg sends VP8, VP9 and AV1 over RTP, and takes them back. */
class WebCodecsPushTest {
  @TempDir static Path folder;
  private static ServerProcess server;

  @BeforeAll
  static void start() {
    server = ServerProcess.start(folder.resolve("data"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** The distribution's ffmpeg knows no RTP with AV1. */
  private static Programs.Result recent(String... arguments) {
    Path program = Path.of(Loader.load(ffmpeg.class));
    String[] command = new String[arguments.length + 3];
    command[0] = "env";
    command[1] = "LD_LIBRARY_PATH=" + program.getParent();
    command[2] = program.toString();
    System.arraycopy(arguments, 0, command, 3, arguments.length);
    return Programs.run(command);
  }

  @ParameterizedTest
  @EnumSource(
      value = Recordings.class,
      names = {"VP8", "VP9", "AV1"})
  void everyFrameIsStoredAndGivenBack(Recordings recording) {
    Path sent = recording.copyTo(folder);
    String stream = "pushed-" + recording.name();
    Instant before = Instant.now().minusSeconds(1);
    recent(
            "-nostdin",
            "-v",
            "error",
            "-re",
            "-i",
            sent.toString(),
            "-c",
            "copy",
            "-strict",
            "experimental",
            "-f",
            "rtsp",
            "-rtsp_transport",
            "tcp",
            server.rtsp() + "/live/" + stream)
        .orThrow();
    StoredMedia media = new StoredMedia(server, stream);
    await().atMost(10, SECONDS).until(() -> media.fragments() >= 2);

    Path stored = media.media(folder.resolve(stream + ".read.mkv"));
    List<String> pictures = StoredMedia.pictureMd5s(sent);
    assertThat(pictures).hasSize(30);
    assertThat(StoredMedia.pictureMd5s(stored)).isEqualTo(pictures);

    List<String> replayed =
        recent(
                "-nostdin",
                "-v",
                "error",
                "-rtsp_transport",
                "tcp",
                "-i",
                "%s/replay/%s?start=%s&end=%s"
                    .formatted(server.rtsp(), stream, before, before.plusSeconds(30)),
                "-fps_mode",
                "passthrough",
                "-f",
                "framemd5",
                "-")
            .orThrow()
            .out()
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.substring(line.lastIndexOf(',') + 1).strip())
            .toList();
    assertThat(replayed).isEqualTo(pictures);
  }
}
