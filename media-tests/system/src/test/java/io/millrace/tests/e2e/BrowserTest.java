package io.millrace.tests.e2e;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import io.millrace.server.demo.ClockCode;
import io.millrace.tests.process.ServerProcess;
import io.millrace.tests.webrtc.WhipProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chromium with hls.js on the demo page: the picture's own clock is held against program time. */
class BrowserTest {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final double HALF_A_FRAME_MILLIS = 20;
  private static final int STEADY_SECONDS = 30;

  /** Runs in the page: the next picture's code cells, its program time and its brightness. */
  private static final String NEXT_PICTURE =
      """
      (cells) => new Promise((resolve, reject) => {
        const { player } = window.millrace;
        const video = player.video;
        setTimeout(() => reject(new Error('no picture within 15 s; currentTime '
          + video.currentTime + ' paused ' + video.paused)), 15000);
        video.requestVideoFrameCallback(() => {
          // The picture itself carries its time; the element may have moved on by now.
          const frame = new VideoFrame(video);
          const mediaTime = frame.timestamp / 1e6;
          const width = frame.displayWidth;
          const height = frame.displayHeight;
          const canvas = document.createElement('canvas');
          canvas.width = width;
          canvas.height = height;
          const pen = canvas.getContext('2d');
          pen.drawImage(frame, 0, 0);
          frame.close();
          const row = pen.getImageData(0, Math.floor(height / 40), width, 1).data;
          let bits = '';
          for (let cell = 0; cell < cells; cell++) {
            const x = Math.floor((cell + 0.5) * width / cells);
            bits += row[4 * x] > 128 ? '1' : '0';
          }
          const body = pen.getImageData(0, height / 2, width, height / 2).data;
          let sum = 0;
          for (let i = 0; i < body.length; i += 4) sum += body[i];
          const details = player.hls.levels[player.hls.currentLevel].details;
          const fragment = details.fragments.find(
            (f) => mediaTime >= f.start - 0.0005 && mediaTime < f.start + f.duration);
          resolve({
            bits,
            program: fragment
              ? fragment.programDateTime + (mediaTime - fragment.start) * 1000 : -1,
            brightness: sum / (body.length / 4),
            width,
          });
        });
      })
      """;

  @TempDir static Path data;
  private static ServerProcess server;
  private static Playwright playwright;
  private static Browser browser;

  @BeforeAll
  static void openBrowser() {
    assertThat(Files.exists(CHROMIUM))
        .as("chromium is missing; ./millrace test installs it")
        .isTrue();
    server = ServerProcess.demo(data);
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

  private record Picture(long burnedMillis, double programMillis, double brightness) {}

  private static Picture nextPicture(Page page) {
    Map<?, ?> seen = (Map<?, ?>) page.evaluate(NEXT_PICTURE, ClockCode.CELLS);
    return new Picture(
        ClockCode.millis(Long.parseLong(seen.get("bits").toString(), 2)),
        ((Number) seen.get("program")).doubleValue(),
        ((Number) seen.get("brightness")).doubleValue());
  }

  private static void assertTrueTime(Picture picture) {
    assertThat(picture.burnedMillis).as("the clock in the picture is readable").isPositive();
    assertThat(picture.programMillis - picture.burnedMillis)
        .as("program time minus the picture's own clock, ms")
        .isBetween(-HALF_A_FRAME_MILLIS, HALF_A_FRAME_MILLIS);
    assertThat(picture.brightness).as("the picture is not black").isGreaterThan(40);
  }

  private static Page openCamera(String name) {
    Page page = browser.newPage();
    page.navigate(server.endpoint() + "/#" + name);
    page.waitForFunction(
        "() => window.millrace && window.millrace.player.video.currentTime > 0"
            + " && window.millrace.player.video.videoWidth > 0",
        null,
        new Page.WaitForFunctionOptions().setTimeout(40_000));
    return page;
  }

  @Test
  void livePlaysSteadilyAtTrueTimeWithSound() {
    Page page = openCamera("front-door");
    for (int i = 0; i < 5; i++) {
      Picture picture = nextPicture(page);
      assertTrueTime(picture);
      assertThat(System.currentTimeMillis() - picture.burnedMillis)
          .as("live latency, ms")
          .isBetween(0L, 12_000L);
    }
    double before = currentTime(page);
    long start = System.nanoTime();
    page.waitForTimeout(STEADY_SECONDS * 1000);
    double wallSeconds = (System.nanoTime() - start) / 1e9;
    assertThat(currentTime(page) - before)
        .as("seconds played in " + wallSeconds)
        .isGreaterThan(wallSeconds - 2);
    assertThat(soundBytes(page)).as("bytes of sound decoded").isPositive();
    assertTrueTime(nextPicture(page));
    page.close();
  }

  @Test
  void opusIsHeardAsItIsAndAsAac() {
    Path clip = data.resolve("opus.mp4");
    WhipProgram.writeClip(clip, 10, "640x360", "1M");
    Process camera = WhipProgram.push(server, clip, 4, "0", "opus", data.resolve("opus.log"));
    await()
        .atMost(20, SECONDS)
        .until(() -> server.get("/v1/streams/opus/frame.jpg").statusCode() == 200);
    Page page = openCamera("opus");
    assertThat(page.evaluate("() => millrace.player.hls.levels.map((level) => level.audioCodec)"))
        .isEqualTo(List.of("opus", "mp4a.40.2"));
    assertThat(page.evaluate("() => millrace.player.hls.currentLevel"))
        .as("a player that knows Opus takes it")
        .isEqualTo(0);
    assertHeard(page);
    page.evaluate("() => { millrace.player.hls.currentLevel = 1; }");
    page.waitForFunction(
        "() => millrace.player.hls.currentLevel === 1",
        null,
        new Page.WaitForFunctionOptions().setTimeout(15_000));
    assertHeard(page);
    assertThat(server.get("/metrics").body())
        .containsPattern("millrace_hls_sound_segments_encoded_total [1-9]");
    page.close();
    camera.destroy();
  }

  /** Sound is decoded while the picture goes on. */
  private static void assertHeard(Page page) {
    double from = currentTime(page);
    int bytes = soundBytes(page);
    page.waitForFunction(
        "(from) => millrace.player.video.currentTime > from + 3",
        from,
        new Page.WaitForFunctionOptions().setTimeout(15_000));
    assertThat(soundBytes(page)).as("bytes of sound decoded").isGreaterThan(bytes);
  }

  private static int soundBytes(Page page) {
    return ((Number) page.evaluate("() => millrace.player.video.webkitAudioDecodedByteCount"))
        .intValue();
  }

  private static double currentTime(Page page) {
    return ((Number) page.evaluate("() => millrace.player.video.currentTime")).doubleValue();
  }

  @Test
  void aClickIntoThePastPlaysFromThatInstant() {
    Page page = openCamera("yard");
    page.waitForTimeout(6_000);
    long target = System.currentTimeMillis() - 8_000;
    page.evaluate("(millis) => millrace.player.playFrom('yard', millis)", (double) target);
    page.waitForFunction(
        "() => window.millrace.player.video.readyState >= 2 && millrace.player.hls?.playingDate",
        null,
        new Page.WaitForFunctionOptions().setTimeout(20_000));
    List<Picture> pictures = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Picture picture = nextPicture(page);
      assertTrueTime(picture);
      pictures.add(picture);
    }
    assertThat(pictures.getFirst().burnedMillis)
        .as("first picture after the seek")
        .isBetween(target - 100, target + 3_000);
    page.close();
  }

  @Test
  void theGridShowsBothCamerasMoving() {
    Page page = browser.newPage();
    page.navigate(server.endpoint() + "/");
    page.waitForFunction(
        "() => [...document.querySelectorAll('#grid video')]"
            + ".filter((video) => video.currentTime > 1).length === 2",
        null,
        new Page.WaitForFunctionOptions().setTimeout(40_000));
    assertThat(page.locator("#grid .card").count()).isEqualTo(2);
    page.close();
  }
}
