package io.millrace.tests.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import software.amazon.awssdk.services.kinesisvideo.KinesisVideoClient;
import software.amazon.awssdk.services.kinesisvideo.model.ChannelProtocol;
import software.amazon.awssdk.services.kinesisvideo.model.ChannelRole;
import software.amazon.awssdk.services.kinesisvideo.model.MediaStorageConfigurationStatus;

/** A server with signaling channels, and a browser whose pages are their masters and viewers. */
final class ChannelBrowser implements AutoCloseable {
  static final String PACKAGE = "amazon-kinesis-video-streams-webrtc";
  private static final double PLAY_TIMEOUT_MILLIS = 20_000;

  final SecureServer server;
  final KinesisVideoClient control;
  private final Playwright playwright;
  private final Browser browser;
  private BrowserContext context;

  /** Starts both. */
  ChannelBrowser(Path data) {
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
    open();
  }

  private void open() {
    // The server's certificate is of its own making.
    context = browser.newContext(new Browser.NewContextOptions().setIgnoreHTTPSErrors(true));
  }

  /** Closes every page. */
  void closePages() {
    context.close();
    open();
  }

  /** Closes both; fails where the server does not end well. */
  @Override
  public void close() {
    browser.close();
    playwright.close();
    control.close();
    assertThat(server.server().stop()).isZero();
  }

  Page page() throws IOException {
    Page page = context.newPage();
    page.navigate(server.http() + "/healthz");
    page.evaluate(
        Files.readString(
            ScriptClients.jsFolder()
                .resolve("node_modules")
                .resolve(PACKAGE)
                .resolve("dist/kvs-webrtc.min.js")));
    try (var in = ChannelBrowser.class.getResourceAsStream("/clients/signaling_page.js")) {
      page.evaluate(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    return page;
  }

  Map<String, Object> master(String arn) {
    return config(arn, ChannelRole.MASTER, "");
  }

  Map<String, Object> viewer(String arn, String client) {
    return config(arn, ChannelRole.VIEWER, client);
  }

  private Map<String, Object> config(String arn, ChannelRole role, String client) {
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

  void awaitPlaying(Page page, Page other) {
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

  Object received(Page page) {
    return page.evaluate(
        "async () => JSON.stringify([...(await page.peer.getStats()).values()]"
            + ".filter((each) => each.type === 'inbound-rtp'))");
  }

  String log(Page page) {
    return page.evaluate("() => page.log.join('; ')").toString();
  }

  /** A channel that is stored in a stream of its name. */
  String storedChannel(String name) {
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

  void join(Page page, String arn, String operation, Map<String, String> members) {
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

  /** A master with the camera and its microphone. */
  Page storedMaster(String arn) throws IOException {
    return storedMaster(arn, 0);
  }

  /**
   * A master in a storage session.
   *
   * @param hertz pitch of the tone it sends; 0 for the camera's own sound
   */
  Page storedMaster(String arn, int hertz) throws IOException {
    Page master = page();
    Map<String, Object> config = master(arn);
    config.put("hertz", hertz);
    master.evaluate("(config) => page.master(config)", config);
    join(master, arn, "/joinStorageSession", Map.of());
    return master;
  }

  /** A viewer in a storage session, with or without a microphone. */
  Page storageViewer(String arn, String client, boolean withSound) throws IOException {
    return storageViewer(arn, client, Map.of("withSound", withSound));
  }

  /** A viewer in a storage session who sends a tone. */
  Page storageViewer(String arn, String client, int hertz) throws IOException {
    return storageViewer(arn, client, Map.of("hertz", hertz));
  }

  private Page storageViewer(String arn, String client, Map<String, Object> sound)
      throws IOException {
    Page viewer = page();
    Map<String, Object> config = viewer(arn, client);
    config.putAll(sound);
    viewer.evaluate("(config) => page.storageViewer(config)", config);
    join(viewer, arn, "/joinStorageSessionAsViewer", Map.of("clientId", client));
    return viewer;
  }

  /** Pictures go on being decoded and sound goes on coming. */
  void awaitMore(Page viewer, Page master) {
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

  double inbound(Page page, String kind, String figure) {
    return ((Number)
            page.evaluate(
                "async ([kind, figure]) => [...(await page.peer.getStats()).values()].find("
                    + "(each) => each.type === 'inbound-rtp' && each.kind === kind)?.[figure] ?? 0",
                List.of(kind, figure)))
        .doubleValue();
  }

  Object sent(Page page) {
    return page.evaluate(
        "async () => JSON.stringify([...(await page.peer.getStats()).values()]"
            + ".filter((each) => each.type === 'outbound-rtp'))");
  }

  /** What the server said. */
  String log() {
    return server.server().log();
  }
}
