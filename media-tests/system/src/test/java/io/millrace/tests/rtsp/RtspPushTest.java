package io.millrace.tests.rtsp;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encoders push; every frame is stored as it was sent, at its time. */
class RtspPushTest {
  private static final int CLIP_SECONDS = 4;
  private static final int AAC_FRAMES_A_PACKET = 8;

  @TempDir static Path folder;
  private static ServerProcess server;
  private static Path h264;

  @BeforeAll
  static void start() {
    server = ServerProcess.start(folder.resolve("data"));
    h264 = CameraSample.h264(folder.resolve("h264.mkv"), CLIP_SECONDS);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void h264AndAacOverTcp() {
    push(h264, "tcp", "by-tcp");
    storedEqualsSent(h264, "by-tcp", true);
  }

  @Test
  void h264AndAacOverUdp() {
    push(h264, "udp", "by-udp");
    storedEqualsSent(h264, "by-udp", true);
  }

  @Test
  void h265() {
    Path clip = CameraSample.h265(folder.resolve("h265.mkv"), CLIP_SECONDS);
    push(clip, "tcp", "h265");
    storedEqualsSent(clip, "h265", false);
  }

  private static void push(Path clip, String transport, String stream) {
    Instant before = Instant.now();
    Programs.run(
            "ffmpeg",
            "-nostdin",
            "-v",
            "error",
            "-re",
            "-i",
            clip.toString(),
            "-c",
            "copy",
            "-f",
            "rtsp",
            "-rtsp_transport",
            transport,
            server.rtsp() + "/live/" + stream)
        .orThrow();
    Instant after = Instant.now();
    StoredMedia stored = new StoredMedia(server, stream);
    await().atMost(10, SECONDS).until(() -> stored.fragments() >= CLIP_SECONDS);
    // The encoder's clock is ours: its times lie between start and end, a second apart.
    assertThat(stored.starts().getFirst()).isBetween(before.minusSeconds(1), after);
    for (int i = 1; i < stored.starts().size(); i++) {
      assertThat(Duration.between(stored.starts().get(i - 1), stored.starts().get(i)).toMillis())
          .as("between fragments %d and %d", i - 1, i)
          .isBetween(950L, 1050L);
    }
  }

  private static void storedEqualsSent(Path sent, String stream, boolean sound) {
    StoredMedia media = new StoredMedia(server, stream);
    await().atMost(10, SECONDS).until(() -> media.fragments() >= CLIP_SECONDS);
    Path clip = media.media(folder.resolve(stream + ".read.mkv"));
    assertThat(StoredMedia.pictureMd5s(clip)).isEqualTo(StoredMedia.pictureMd5s(sent));
    if (sound) {
      // ffmpeg puts several AAC frames into a packet, and never sends the last, unfilled one.
      List<String> stored = StoredMedia.soundMd5s(clip);
      List<String> all = StoredMedia.soundMd5s(sent);
      assertThat(stored.size()).isGreaterThan(all.size() - AAC_FRAMES_A_PACKET);
      assertThat(stored).isEqualTo(all.subList(0, stored.size()));
    }
  }
}
