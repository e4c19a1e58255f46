package io.millrace.tests.cameras;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.tests.process.ServerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server pulls cameras; every frame is stored as it was sent. */
class RtspPullTest {
  private static final int CLIP_SECONDS = 4;
  private static final String PASSWORD = "not-to-be-seen";

  @TempDir static Path folder;
  private static ServerProcess server;
  private static SourcesApi sources;
  private static Path h264;

  @BeforeAll
  static void start() {
    RtspCamera.assumeInstalled();
    server =
        ServerProcess.start(
            folder.resolve("data"),
            "--set",
            "sources.probe-time=3 s",
            "--set",
            "sources.silence=5 s");
    sources = new SourcesApi(server);
    h264 = CameraClip.h264AndAac(folder.resolve("h264.mkv"), CLIP_SECONDS);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void h264AndAacOverTcpWithDigest() {
    try (RtspCamera camera = RtspCamera.start(0, RtspCamera.h264AndAac(h264), "viewer", PASSWORD)) {
      pull(
          "digest",
          Map.of(
              "url", camera.url(), "username", "viewer", "password", PASSWORD, "transport", "tcp"));
      Path stored = storedBeginsAs(h264, "digest");
      assertBegins(CameraClip.soundMd5s(stored), CameraClip.soundMd5s(h264));
      assertThat(server.log()).doesNotContain(PASSWORD);
    }
  }

  @Test
  void h264AndAacOverUdp() {
    try (RtspCamera camera = RtspCamera.start(0, RtspCamera.h264AndAac(h264))) {
      pull("udp", Map.of("url", camera.url(), "transport", "udp"));
      Path stored = storedBeginsAs(h264, "udp");
      assertBegins(CameraClip.soundMd5s(stored), CameraClip.soundMd5s(h264));
    }
  }

  @Test
  void h264AndG711() {
    Path clip = CameraClip.h264AndAlaw(folder.resolve("alaw.mkv"), CLIP_SECONDS);
    try (RtspCamera camera = RtspCamera.start(0, RtspCamera.h264AndAlaw(clip))) {
      pull("alaw", Map.of("url", camera.url()));
      storedBeginsAs(clip, "alaw");
    }
  }

  @Test
  void h265() {
    Path clip = CameraClip.h265(folder.resolve("h265.mkv"), CLIP_SECONDS);
    try (RtspCamera camera = RtspCamera.start(0, RtspCamera.h265(clip))) {
      pull("h265", Map.of("url", camera.url()));
      storedBeginsAs(clip, "h265");
    }
  }

  @Test
  void aCameraThatComesBackIsPulledAgainAndTheTimelineSaysWhy() {
    Path clip = CameraClip.h264AndAac(folder.resolve("long.mkv"), 30);
    RtspCamera camera = RtspCamera.start(0, RtspCamera.h264AndAac(clip));
    try {
      sources.put("rebooted", Map.of("url", camera.url()));
      await().atMost(20, SECONDS).until(() -> sources.fragments("rebooted") >= 2);
      camera.close();
      // Two new attempts in vain: longer than what passes for no gap.
      await()
          .atMost(15, SECONDS)
          .until(() -> sources.get("rebooted").path("attempts").asInt() >= 3);
      assertThat(sources.get("rebooted").path("lastError").asText()).isNotEmpty();
      int before = sources.fragments("rebooted");
      camera = RtspCamera.start(camera.port(), RtspCamera.h264AndAac(clip));
      await().atMost(20, SECONDS).until(() -> sources.fragments("rebooted") >= before + 2);
      JsonNode gaps = sources.timeline("rebooted").path("gaps");
      assertThat(gaps.findValuesAsText("reason")).contains("connection-lost");
    } finally {
      sources.delete("rebooted");
      camera.close();
    }
  }

  @Test
  void aCameraThatSaysGoodbyeIsPulledAgainSoon() {
    try (RtspCamera camera = RtspCamera.start(0, RtspCamera.h264AndAac(h264))) {
      sources.put("leaving", Map.of("url", camera.url()));
      // Sooner than sources.silence, which is 10 s.
      await()
          .atMost(CLIP_SECONDS + 8, SECONDS)
          .until(() -> sources.get("leaving").path("attempts").asInt() >= 2);
      assertThat(sources.get("leaving").path("lastError").asText()).contains("goodbye");
      sources.delete("leaving");
    }
  }

  @Test
  void aProbeTellsWhatACameraSendsOrWhyNot() {
    try (RtspCamera camera = RtspCamera.start(0, RtspCamera.h264AndAac(h264), "viewer", PASSWORD)) {
      JsonNode probed =
          sources.probe(Map.of("url", camera.url(), "username", "viewer", "password", PASSWORD));
      assertThat(probed.path("usable").asBoolean()).as("%s", probed).isTrue();
      JsonNode video = probed.path("tracks").path(0);
      assertThat(video.path("codec").asText()).isEqualTo("H264");
      assertThat(video.path("width").asInt()).isEqualTo(640);
      assertThat(video.path("height").asInt()).isEqualTo(360);
      assertThat(video.path("framesPerSecond").asDouble()).isBetween(24.5, 25.5);
      assertThat(video.path("gopSeconds").asDouble()).isBetween(0.98, 1.02);
      JsonNode sound = probed.path("tracks").path(1);
      assertThat(sound.path("codec").asText()).isEqualTo("MPEG4-GENERIC");
      assertThat(sound.path("samplingHz").asInt()).isEqualTo(48_000);
      assertThat(probed.path("clockOffsetMillis").asLong()).isBetween(-500L, 500L);

      JsonNode refused =
          sources.probe(Map.of("url", camera.url(), "username", "viewer", "password", "wrong"));
      assertThat(refused.path("usable").asBoolean()).isFalse();
      assertThat(refused.path("reason").asText()).containsIgnoringCase("password");
    }
  }

  private static void pull(String name, Map<String, Object> source) {
    sources.put(name, source);
    await().atMost(20, SECONDS).until(() -> sources.fragments(name) >= CLIP_SECONDS);
    sources.delete(name);
  }

  /** The camera begins again after its clip, so more may be stored than that. */
  private static Path storedBeginsAs(Path sent, String stream) {
    Path clip = sources.media(stream, folder.resolve(stream + ".mkv"));
    assertBegins(CameraClip.pictureMd5s(clip), CameraClip.pictureMd5s(sent));
    return clip;
  }

  private static void assertBegins(List<String> stored, List<String> sent) {
    assertThat(stored).hasSizeGreaterThanOrEqualTo(sent.size());
    assertThat(stored.subList(0, sent.size())).isEqualTo(sent);
  }
}
