package io.millrace.tests.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
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
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

  /** Offers what a connection has at an address, and takes the answer. */
  private static final String CONNECT =
      """
      () => { window.connect = async (pc, address) => {
        await pc.setLocalDescription(await pc.createOffer());
        const reply = await fetch(address, { method: 'POST', body: pc.localDescription.sdp,
          headers: { 'content-type': 'application/sdp' } });
        const text = await reply.text();
        if (reply.status !== 201) throw new Error(reply.status + ' ' + text);
        await pc.setRemoteDescription({ type: 'answer', sdp: text });
        return reply.headers.get('location');
      }; }
      """;

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

  /** Draws the time as black and white cells, and sends that. */
  private static final String CLOCK =
      """
      async (address) => {
        const canvas = document.createElement('canvas');
        canvas.width = 640;
        canvas.height = 360;
        const pen = canvas.getContext('2d');
        const draw = () => {
          const now = Date.now() % 4294967296;
          for (let cell = 0; cell < 32; cell++) {
            pen.fillStyle = Math.floor(now / 2 ** (31 - cell)) % 2 ? '#fff' : '#000';
            pen.fillRect(cell * 20, 0, 20, 360);
          }
        };
        draw();
        setInterval(draw, 33);
        const pc = window.pc = new RTCPeerConnection();
        const media = canvas.captureStream(30);
        pc.addTransceiver(media.getTracks()[0], { direction: 'sendonly', streams: [media] });
        return connect(pc, address);
      }
      """;

  /** Plays a stream and reads the time out of its pictures: how old each one is, ms. */
  private static final String VIEWER =
      """
      async ([address, pictures]) => {
        const pc = window.pc = new RTCPeerConnection();
        pc.addTransceiver('video', { direction: 'recvonly' });
        pc.addTransceiver('audio', { direction: 'recvonly' });
        const video = document.createElement('video');
        video.muted = true;
        document.documentElement.append(video);
        const began = Date.now();
        pc.ontrack = (event) => {
          if (event.track.kind === 'video') {
            video.srcObject = new MediaStream([event.track]);
            video.play();
          }
        };
        await connect(pc, address);
        const ages = [];
        let first = 0;
        await new Promise((resolve, reject) => {
          setTimeout(() => reject(new Error('only ' + ages.length + ' pictures')), 15000);
          const next = () => video.requestVideoFrameCallback(() => {
            const now = Date.now();
            first = first || now - began;
            const canvas = document.createElement('canvas');
            canvas.width = video.videoWidth;
            canvas.height = video.videoHeight;
            const pen = canvas.getContext('2d');
            pen.drawImage(video, 0, 0);
            const row = pen.getImageData(0, canvas.height / 2, canvas.width, 1).data;
            let time = 0;
            for (let cell = 0; cell < 32; cell++) {
              const x = Math.floor((cell + 0.5) * canvas.width / 32);
              time = time * 2 + (row[4 * x] > 128 ? 1 : 0);
            }
            ages.push(now % 4294967296 - time);
            if (ages.length < pictures) next(); else resolve();
          });
          next();
        });
        return { first, ages };
      }
      """;

  @TempDir static Path data;
  private static ServerProcess server;
  private static Playwright playwright;
  private static Browser browser;

  @BeforeAll
  static void openBrowser() {
    server = ServerProcess.start(data);
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(CHROMIUM)
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--use-fake-device-for-media-stream",
                            "--use-fake-ui-for-media-stream",
                            "--autoplay-policy=no-user-gesture-required",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            "--no-first-run")));
  }

  @AfterAll
  static void closeBrowser() {
    browser.close();
    playwright.close();
    assertThat(server.stop()).isZero();
  }

  private static Page page() {
    Page page = browser.newPage();
    page.navigate(server.endpoint() + "/readyz");
    page.evaluate(CONNECT);
    return page;
  }

  @Test
  void aCameraClimbsAndEveryPictureIsStored() {
    CameraFleet.createStream(server, "browser");
    double start = System.currentTimeMillis() / 1000.0 - 1;
    try (Page page = page()) {
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
    }
  }

  @Test
  void aViewerSeesWhatHappensAtOnce() {
    CameraFleet.createStream(server, "clock");
    try (Page camera = page();
        Page viewer = page()) {
      camera.evaluate(CLOCK, "/whip/clock");
      camera.waitForTimeout(3000);
      Map<?, ?> seen = (Map<?, ?>) viewer.evaluate(VIEWER, List.of("/whep/clock", 120));
      List<Double> ages =
          ((List<?>) seen.get("ages"))
              .stream().map(age -> ((Number) age).doubleValue()).skip(30).sorted().toList();
      System.out.println(
          "WHEP: first picture after %s ms, age p50 %.0f ms, p95 %.0f ms"
              .formatted(
                  seen.get("first"), ages.get(ages.size() / 2), ages.get(ages.size() * 95 / 100)));
      assertThat(ages.get(ages.size() / 2)).as("age of pictures, ms").isBetween(0.0, 500.0);
    }
  }
}
