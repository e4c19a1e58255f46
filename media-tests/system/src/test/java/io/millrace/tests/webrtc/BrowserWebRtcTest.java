package io.millrace.tests.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.millrace.tests.client.HlsClient;
import io.millrace.tests.load.CameraFleet;
import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chromium as camera by WHIP and as viewer by WHEP. */
class BrowserWebRtcTest {

  /** Sends the fake camera and sound, and says each second how it goes. */
  private static final String CAMERA =
      """
      async ([address, seconds]) => {
        const pc = window.pc = new RTCPeerConnection();
        const media = await navigator.mediaDevices.getUserMedia(
          { video: { width: 1280, height: 720, frameRate: 30 } });
        for (const track of media.getTracks()) {
          pc.addTransceiver(track, { direction: 'sendonly', streams: [media] });
        }
        const location = await connect(pc, address);
        const seen = [];
        for (let i = 0; i < seconds; i++) {
          await new Promise((resolve) => setTimeout(resolve, 1000));
          for (const each of (await pc.getStats()).values()) {
            if (each.type === 'outbound-rtp' && each.kind === 'video') {
              seen.push([each.frameWidth || 0, each.framesSent, each.targetBitrate || 0,
                each.pliCount || 0]);
            }
          }
        }
        await fetch(location, { method: 'DELETE' });
        pc.close();
        return seen;
      }
      """;

  @TempDir static Path data;
  private static ServerProcess server;
  private static WebRtcBrowser browser;

  @BeforeAll
  static void openBrowser() {
    server = ServerProcess.start(data, "--set", "webrtc.tcp-port=" + ServerProcess.freePort());
    browser = WebRtcBrowser.open();
  }

  @AfterAll
  static void closeBrowser() {
    browser.close();
    assertThat(server.stop()).isZero();
  }

  @Test
  void aCameraClimbsAndEveryPictureIsStored() {
    CameraFleet.createStream(server, "browser");
    double start = System.currentTimeMillis() / 1000.0 - 1;
    try (Page page = browser.page(server)) {
      List<?> seen = (List<?>) page.evaluate(CAMERA, List.of("/whip/browser", 14));
      System.out.println("width, frames, target bits a second, PLIs: " + seen);
      List<?> last = (List<?>) seen.getLast();
      // Without feedback Chromium stays at 640 and 285 kbit/s; how far it gets beyond is its CPU's.
      assertThat(((Number) last.get(0)).intValue()).as("width at the end").isGreaterThan(640);
      assertThat(((Number) last.get(2)).doubleValue())
          .as("bits a second that the sender dares to send")
          .isGreaterThan(600_000);
      HlsClient hls =
          HlsClient.onDemand(server, "browser", start, System.currentTimeMillis() / 1000.0 + 1);
      int stored = Programs.frameMd5s(hls.master().toString(), "v:0").size();
      int sent = ((Number) last.get(1)).intValue();
      assertThat(stored).as("pictures stored of " + sent).isGreaterThan(sent - 10);
      assertPlaysThroughTheSizes(hls, ((Number) last.get(0)).intValue());
    }
  }

  /** Each size is a new decoder setup in mid-stream. */
  private static void assertPlaysThroughTheSizes(HlsClient hls, int lastWidth) {
    Map<?, ?> played = browser.playHls(server, hls);
    System.out.println("hls.js: " + played);
    assertThat(played.get("error")).isEqualTo("");
    assertThat(played.get("ended")).as("played to the end").isEqualTo(true);
    List<?> widths = (List<?>) played.get("widths");
    assertThat(widths).as("sizes seen").hasSizeGreaterThan(1);
    assertThat(((Number) widths.getLast()).intValue()).isEqualTo(lastWidth);
  }

  @Test
  void aViewerSeesWhatHappensAtOnce() {
    assertSeesAtOnce("clock", false);
  }

  @Test
  void aViewerWithoutUdpSeesItToo() {
    assertSeesAtOnce("clock-by-tcp", true);
  }

  private static void assertSeesAtOnce(String stream, boolean tcpOnly) {
    CameraFleet.createStream(server, stream);
    try (Page camera = browser.page(server);
        Page viewer = browser.page(server)) {
      camera.evaluate("(tcpOnly) => { window.tcpOnly = tcpOnly; }", tcpOnly);
      camera.evaluate(WebRtcBrowser.CLOCK, List.of("/whip/" + stream, "", ""));
      camera.waitForTimeout(3000);
      viewer.evaluate("(tcpOnly) => { window.tcpOnly = tcpOnly; }", tcpOnly);
      Map<?, ?> seen =
          (Map<?, ?>) viewer.evaluate(WebRtcBrowser.VIEWER, List.of("/whep/" + stream, 120));
      for (Page page : List.of(camera, viewer)) {
        assertThat(page.evaluate(WebRtcBrowser.PROTOCOL)).isEqualTo(tcpOnly ? "tcp" : "udp");
      }
      List<Double> ages =
          ((List<?>) seen.get("ages"))
              .stream().map(age -> ((Number) age).doubleValue()).skip(30).sorted().toList();
      System.out.println(
          "WHEP, %s: first picture after %s ms, age p50 %.0f ms, p95 %.0f ms"
              .formatted(
                  tcpOnly ? "TCP" : "UDP",
                  seen.get("first"),
                  ages.get(ages.size() / 2),
                  ages.get(ages.size() * 95 / 100)));
      assertThat(ages.get(ages.size() / 2)).as("age of pictures, ms").isBetween(0.0, 500.0);
    }
  }
}
