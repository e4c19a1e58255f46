package io.millrace.tests.webrtc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import io.millrace.tests.client.HlsClient;
import io.millrace.tests.load.CameraFleet;
import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import io.vertx.core.json.JsonObject;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Chromium sends the codecs that it sends where there is no H.264, and plays them. */
class BrowserCodecsTest {
  private static final int CELLS = 32;

  /** What the camera sent: codec and frames. */
  private static final String SENT =
      """
      async () => {
        const stats = await window.pc.getStats();
        for (const each of stats.values()) {
          if (each.type === 'outbound-rtp' && each.kind === 'video') {
            return { codec: stats.get(each.codecId).mimeType, frames: each.framesSent };
          }
        }
      }
      """;

  @TempDir static Path data;
  private static ServerProcess server;
  private static WebRtcBrowser browser;

  @BeforeAll
  static void openBrowser() {
    server = ServerProcess.start(data);
    browser = WebRtcBrowser.open();
  }

  @AfterAll
  static void closeBrowser() {
    browser.close();
    assertThat(server.stop()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"VP8, ", "VP9, vp09.00.[0-9]{2}.08", "AV1, av01.0.[0-9]{2}M.08"})
  void whatABrowserSendsIsStoredAndShown(String codec, String name) throws Exception {
    String stream = codec.toLowerCase(Locale.ROOT);
    CameraFleet.createStream(server, stream);
    double start = System.currentTimeMillis() / 1000.0 - 1;
    int sent;
    long asked;
    try (Page camera = browser.page(server);
        Page viewer = browser.page(server)) {
      String location =
          (String)
              camera.evaluate(
                  WebRtcBrowser.CLOCK, List.of("/whip/" + stream, "video/" + codec, ""));
      camera.waitForTimeout(2500);
      Map<?, ?> seen =
          (Map<?, ?>) viewer.evaluate(WebRtcBrowser.VIEWER, List.of("/whep/" + stream, 40));
      assertAgesAreLive((List<?>) seen.get("ages"));
      asked = System.currentTimeMillis() - 1500;
      Map<?, ?> outbound = (Map<?, ?>) camera.evaluate(SENT);
      assertThat(outbound.get("codec")).isEqualTo("video/" + codec);
      sent = ((Number) outbound.get("frames")).intValue();
      camera.evaluate(
          "async (location) => { await fetch(location, { method: 'DELETE' }); }", location);
    }
    assertThat(server.post("/listFragments", everything(stream, start)).body())
        .contains("FragmentNumber");
    assertEndsByTheBrowsersClock(stream);
    assertFrameShows(stream, asked);
    if (name == null) {
      assertThatThrownBy(() -> onDemand(stream, start)).hasMessageContaining("V_VP8");
    } else {
      assertHlsPlays(stream, start, name, sent);
    }
  }

  /** It tells its time after its first pictures, and a fragment goes by one clock. */
  private static void assertEndsByTheBrowsersClock(String stream) throws Exception {
    String timeline = "/v1/streams/%s/timeline?start=%s";
    JsonObject all =
        new JsonObject(server.get(timeline.formatted(stream, "2020-01-01T00:00:00Z")).body());
    Instant end = Instant.parse(all.getString("newest")).minusMillis(100);
    assertThat(server.get(timeline.formatted(stream, end)).body())
        .contains("\"clock\":\"camera-ntp\"");
  }

  /** Two spatial layers: the picture is that of the upper one, which needs the lower. */
  @Test
  void layersOfVp9AreOnePicture() throws Exception {
    CameraFleet.createStream(server, "layers");
    try (Page camera = browser.page(server);
        Page viewer = browser.page(server)) {
      camera.evaluate(WebRtcBrowser.CLOCK, List.of("/whip/layers", "video/VP9", "L2T2"));
      camera.waitForTimeout(4500);
      Map<?, ?> seen =
          (Map<?, ?>) viewer.evaluate(WebRtcBrowser.VIEWER, List.of("/whep/layers", 40));
      assertAgesAreLive((List<?>) seen.get("ages"));
      // A busy browser leaves the upper layer out at times.
      await()
          .atMost(20, SECONDS)
          .untilAsserted(
              () ->
                  assertThat(
                          assertFrameShows("layers", System.currentTimeMillis() - 2500).getWidth())
                      .isEqualTo(640));
    }
  }

  private static String everything(String stream, double start) {
    return """
        {"StreamName":"%s","FragmentSelector":{"FragmentSelectorType":"PRODUCER_TIMESTAMP",
         "TimestampRange":{"StartTimestamp":%f,"EndTimestamp":%f}}}"""
        .formatted(stream, start, start + 60);
  }

  private static HlsClient onDemand(String stream, double start) {
    return HlsClient.onDemand(server, stream, start, System.currentTimeMillis() / 1000.0 + 1);
  }

  private static void assertAgesAreLive(List<?> ages) {
    List<Double> sorted =
        ages.stream().map(age -> ((Number) age).doubleValue()).skip(10).sorted().toList();
    assertThat(sorted.get(sorted.size() / 2)).as("age of pictures, ms").isBetween(0.0, 500.0);
  }

  /** The picture of an instant shows the time of that instant. */
  private static BufferedImage assertFrameShows(String stream, long askedMillis)
      throws IOException {
    var reply =
        server
            .endpoint()
            .resolve(
                "/v1/streams/" + stream + "/frame.png?at=" + Instant.ofEpochMilli(askedMillis));
    BufferedImage image = ImageIO.read(reply.toURL());
    long shown = 0;
    for (int cell = 0; cell < CELLS; cell++) {
      int x = (int) ((cell + 0.5) * image.getWidth() / CELLS);
      shown = shown * 2 + ((image.getRGB(x, image.getHeight() / 2) & 0xff) > 128 ? 1 : 0);
    }
    assertThat(askedMillis % (1L << CELLS) - shown)
        .as("age of the stored picture, ms")
        .isBetween(-100L, 500L);
    return image;
  }

  private static void assertHlsPlays(String stream, double start, String name, int sent) {
    HlsClient hls = onDemand(stream, start);
    assertThat(hls.text(hls.master())).containsPattern("CODECS=\"" + name + "\"");
    int stored = Programs.frameMd5s(hls.master().toString(), "v:0").size();
    assertThat(stored).as("pictures stored of " + sent).isGreaterThan(sent - 10);
    Map<?, ?> played = browser.playHls(server, hls);
    System.out.println(stream + ": " + stored + " of " + sent + " stored, hls.js " + played);
    assertThat(played.get("error")).isEqualTo("");
    assertThat((List<?>) played.get("widths")).isNotEmpty();
    assertThat(((Number) played.get("pictures")).intValue()).isGreaterThan(stored / 3);
  }
}
