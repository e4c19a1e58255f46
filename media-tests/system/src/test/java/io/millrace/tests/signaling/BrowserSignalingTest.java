package io.millrace.tests.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import io.millrace.tests.conformance.ScriptClients;
import io.millrace.tests.process.SecureServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kinesisvideo.KinesisVideoClient;
import software.amazon.awssdk.services.kinesisvideo.model.ChannelProtocol;
import software.amazon.awssdk.services.kinesisvideo.model.ChannelRole;
import software.amazon.awssdk.services.kinesisvideo.model.MediaStorageConfigurationStatus;

/** Chromium with AWS's WebRTC SDK for JavaScript and a camera that is none. */
class BrowserSignalingTest {
  private static final String PACKAGE = "amazon-kinesis-video-streams-webrtc";
  private static final double PLAY_TIMEOUT_MILLIS = 20_000;
  private static final Pattern FRAGMENT = Pattern.compile("\"FragmentNumber\":\"([0-9]{47})\"");

  @TempDir static Path data;
  private static SecureServer server;
  private static KinesisVideoClient control;
  private static Playwright playwright;
  private static Browser browser;
  private BrowserContext context;

  @BeforeAll
  static void openBrowser() {
    assumeTrue(ScriptClients.hasJs(PACKAGE));
    server = SecureServer.start(data, List.of());
    control = SignalingClients.control(server.http());
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(Path.of("/usr/bin/chromium"))
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--use-fake-device-for-media-stream",
                            "--use-fake-ui-for-media-stream",
                            "--disable-features=WebRtcHideLocalIpsWithMdns",
                            "--autoplay-policy=no-user-gesture-required",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            "--no-first-run")));
  }

  @AfterAll
  static void closeBrowser() {
    if (server != null) {
      browser.close();
      playwright.close();
      control.close();
      assertThat(server.server().stop()).isZero();
    }
  }

  @BeforeEach
  void openContext() {
    // The server's certificate is of its own making.
    context = browser.newContext(new Browser.NewContextOptions().setIgnoreHTTPSErrors(true));
  }

  @AfterEach
  void closeContext() {
    context.close();
  }

  private Page page() throws IOException {
    Page page = context.newPage();
    page.navigate(server.http() + "/healthz");
    page.evaluate(
        Files.readString(
            ScriptClients.jsFolder()
                .resolve("node_modules")
                .resolve(PACKAGE)
                .resolve("dist/kvs-webrtc.min.js")));
    try (var in = BrowserSignalingTest.class.getResourceAsStream("/clients/signaling_page.js")) {
      page.evaluate(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    return page;
  }

  private static Map<String, Object> master(String arn) {
    return config(arn, ChannelRole.MASTER, "");
  }

  private static Map<String, Object> viewer(String arn, String client) {
    return config(arn, ChannelRole.VIEWER, client);
  }

  private static Map<String, Object> config(String arn, ChannelRole role, String client) {
    Map<String, Object> config = new HashMap<>();
    config.put("channelARN", arn);
    config.put(
        "channelEndpoint",
        SignalingClients.endpoints(control, arn, role, ChannelProtocol.WSS)
            .get(ChannelProtocol.WSS));
    if (!client.isEmpty()) {
      config.put("clientId", client);
    }
    return config;
  }

  private static void awaitPlaying(Page page, Page other) {
    try {
      page.waitForFunction(
          "() => page.video && page.video.currentTime > 1 && page.video.videoWidth > 0",
          null,
          new Page.WaitForFunctionOptions().setTimeout(PLAY_TIMEOUT_MILLIS));
    } catch (RuntimeException e) {
      throw new AssertionError(
          "viewer: %s %s master: %s server: %s"
              .formatted(log(page), received(page), log(other), log()),
          e);
    }
  }

  private static Object received(Page page) {
    return page.evaluate(
        "async () => JSON.stringify([...(await page.peer.getStats()).values()]"
            + ".filter((each) => each.type === 'inbound-rtp'))");
  }

  private static String log(Page page) {
    return page.evaluate("() => page.log.join('; ')").toString();
  }

  @Test
  void aViewerSeesTheMastersCamera() throws Exception {
    String arn = control.createSignalingChannel(r -> r.channelName("direct")).channelARN();
    Page master = page();
    master.evaluate("(config) => page.master(config)", master(arn));
    Page viewer = page();
    viewer.evaluate("(config) => page.viewer(config)", viewer(arn, "viewer-1"));
    awaitPlaying(viewer, master);
    assertThat(viewer.evaluate("() => page.video.videoWidth")).isEqualTo(640);
    assertThat(log(master)).contains("offer from viewer-1").doesNotContain("error");
  }

  /** A channel that is stored in a stream of its name. */
  private static String storedChannel(String name) {
    String arn = control.createSignalingChannel(r -> r.channelName(name)).channelARN();
    String stream =
        control.createStream(r -> r.streamName(name).dataRetentionInHours(1)).streamARN();
    control.updateMediaStorageConfiguration(
        r ->
            r.channelARN(arn)
                .mediaStorageConfiguration(
                    c -> c.status(MediaStorageConfigurationStatus.ENABLED).streamARN(stream)));
    return arn;
  }

  private static void join(Page page, String arn, String operation, Map<String, String> members) {
    String endpoint =
        SignalingClients.endpoints(control, arn, ChannelRole.MASTER, ChannelProtocol.WEBRTC)
            .get(ChannelProtocol.WEBRTC);
    Map<String, String> all = new HashMap<>(members);
    all.put("channelArn", arn);
    assertThat(
            page.evaluate(
                "([endpoint, operation, members]) => page.join(endpoint, operation, members)",
                List.of(endpoint, operation, all)))
        .isEqualTo(200);
  }

  private Page storedMaster(String arn) throws IOException {
    Page master = page();
    master.evaluate("(config) => page.master(config)", master(arn));
    join(master, arn, "/joinStorageSession", Map.of());
    return master;
  }

  private Page storageViewer(String arn, String client, boolean withSound) throws IOException {
    Page viewer = page();
    Map<String, Object> config = viewer(arn, client);
    config.put("withSound", withSound);
    viewer.evaluate("(config) => page.storageViewer(config)", config);
    join(viewer, arn, "/joinStorageSessionAsViewer", Map.of("clientId", client));
    return viewer;
  }

  /** Pictures go on being decoded and sound goes on coming. */
  private static void awaitMore(Page viewer, Page master) {
    double pictures = inbound(viewer, "video", "framesDecoded");
    double energy = inbound(viewer, "audio", "totalAudioEnergy");
    await()
        .pollInterval(Duration.ofMillis(200))
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              assertThat(inbound(viewer, "video", "framesDecoded"))
                  .as("pictures: %s master %s %s", received(viewer), sent(master), log())
                  .isGreaterThan(pictures + 20);
              assertThat(inbound(viewer, "audio", "totalAudioEnergy"))
                  .as("sound: %s", received(viewer))
                  .isGreaterThan(energy);
            });
  }

  private static double inbound(Page page, String kind, String figure) {
    return ((Number)
            page.evaluate(
                "async ([kind, figure]) => [...(await page.peer.getStats()).values()].find("
                    + "(each) => each.type === 'inbound-rtp' && each.kind === kind)?.[figure] ?? 0",
                List.of(kind, figure)))
        .doubleValue();
  }

  @Test
  void aMastersCameraIsStoredAndViewersSeeIt() throws Exception {
    String arn = storedChannel("stored");
    Page master = storedMaster(arn);
    await()
        .pollInterval(Duration.ofMillis(500))
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(
            () ->
                assertThat(newestFragment())
                    .as("%s %s %s", log(master), sent(master), log())
                    .contains("A_OPUS", "V_MPEG4/ISO/AVC"));
    assertThat(log(master)).contains("offer from the server", "connection connected");
    Page quiet = storageViewer(arn, "viewer-1", false);
    Page speaking = storageViewer(arn, "viewer-2", true);
    for (Page viewer : List.of(quiet, speaking)) {
      awaitPlaying(viewer, master);
      awaitMore(viewer, master);
      assertThat(log(viewer))
          .contains("offer from the server", "connection connected")
          .doesNotContain("error");
    }
  }

  @Test
  void aViewerMayComeBeforeTheMasterAndStaysWithTheNext() throws Exception {
    String arn = storedChannel("early");
    Page viewer = storageViewer(arn, "viewer-1", false);
    Page first = storedMaster(arn);
    awaitPlaying(viewer, first);
    awaitMore(viewer, first);
    first.close();
    Page second = storedMaster(arn);
    awaitMore(viewer, second);
    assertThat(log(viewer)).doesNotContain("error", "disconnected");
  }

  /** Bytes of the newest fragment as text; the identifiers of its codecs can be read in them. */
  private static String newestFragment() {
    String list =
        server
            .server()
            .post(
                "/listFragments",
                """
                {"StreamName": "stored", "FragmentSelector": {
                  "FragmentSelectorType": "SERVER_TIMESTAMP",
                  "TimestampRange": {"StartTimestamp": 0, "EndTimestamp": 8999999999}}}
                """)
            .body();
    String newest =
        FRAGMENT
            .matcher(list)
            .results()
            .map(each -> each.group(1))
            .max(String::compareTo)
            .orElse("");
    return newest.isEmpty()
        ? list
        : server
            .server()
            .post(
                "/getMediaForFragmentList",
                "{\"StreamName\": \"stored\", \"Fragments\": [\"" + newest + "\"]}")
            .body();
  }

  private static Object sent(Page page) {
    return page.evaluate(
        "async () => JSON.stringify([...(await page.peer.getStats()).values()]"
            + ".filter((each) => each.type === 'outbound-rtp'))");
  }

  private static String log() {
    return server.server().log();
  }
}
