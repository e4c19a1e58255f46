package io.millrace.tests.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Page;
import io.millrace.tests.conformance.ScriptClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chromium with AWS's WebRTC SDK for JavaScript and a camera that is none. */
class BrowserSignalingTest {
  private static final Pattern FRAGMENT = Pattern.compile("\"FragmentNumber\":\"([0-9]{47})\"");

  @TempDir static Path data;
  private static ChannelBrowser browser;

  @BeforeAll
  static void openBrowser() {
    assumeTrue(ScriptClients.hasJs(ChannelBrowser.PACKAGE));
    browser = new ChannelBrowser(data);
  }

  @AfterAll
  static void closeBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  @AfterEach
  void closePages() {
    browser.closePages();
  }

  @Test
  void aViewerSeesTheMastersCamera() throws Exception {
    String arn = browser.control.createSignalingChannel(r -> r.channelName("direct")).channelARN();
    Page master = browser.page();
    master.evaluate("(config) => page.master(config)", browser.master(arn));
    Page viewer = browser.page();
    viewer.evaluate("(config) => page.viewer(config)", browser.viewer(arn, "viewer-1"));
    browser.awaitPlaying(viewer, master);
    assertThat(viewer.evaluate("() => page.video.videoWidth")).isEqualTo(640);
    assertThat(browser.log(master)).contains("offer from viewer-1").doesNotContain("error");
  }

  @Test
  void aMastersCameraIsStoredAndViewersSeeIt() throws Exception {
    String arn = browser.storedChannel("stored");
    Page master = browser.storedMaster(arn);
    await()
        .pollInterval(Duration.ofMillis(500))
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(
            () ->
                assertThat(newestFragment())
                    .as("%s %s %s", browser.log(master), browser.sent(master), browser.log())
                    .contains("A_OPUS", "V_MPEG4/ISO/AVC"));
    assertThat(browser.log(master)).contains("offer from the server", "connection connected");
    Page quiet = browser.storageViewer(arn, "viewer-1", false);
    Page speaking = browser.storageViewer(arn, "viewer-2", true);
    for (Page viewer : List.of(quiet, speaking)) {
      browser.awaitPlaying(viewer, master);
      browser.awaitMore(viewer, master);
      assertThat(browser.log(viewer))
          .contains("offer from the server", "connection connected")
          .doesNotContain("error");
    }
  }

  @Test
  void aViewerMayComeBeforeTheMasterAndStaysWithTheNext() throws Exception {
    String arn = browser.storedChannel("early");
    Page viewer = browser.storageViewer(arn, "viewer-1", false);
    Page first = browser.storedMaster(arn);
    browser.awaitPlaying(viewer, first);
    browser.awaitMore(viewer, first);
    first.close();
    Page second = browser.storedMaster(arn);
    browser.awaitMore(viewer, second);
    assertThat(browser.log(viewer)).doesNotContain("error", "disconnected");
  }

  /** Bytes of the newest fragment as text; the identifiers of its codecs can be read in them. */
  private static String newestFragment() {
    String list =
        browser
            .server
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
        : browser
            .server
            .server()
            .post(
                "/getMediaForFragmentList",
                "{\"StreamName\": \"stored\", \"Fragments\": [\"" + newest + "\"]}")
            .body();
  }
}
