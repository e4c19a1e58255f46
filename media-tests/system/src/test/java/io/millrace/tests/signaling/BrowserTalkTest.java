package io.millrace.tests.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Page;
import io.millrace.tests.client.HlsClient;
import io.millrace.tests.conformance.ScriptClients;
import io.millrace.tests.process.Programs;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A master and viewers of a stored channel, each with a tone of its own instead of a voice. */
class BrowserTalkTest {
  private static final int MASTER = 440;
  private static final int FIRST = 1_000;
  private static final int SECOND = 1_700;
  private static final List<Integer> PITCHES = List.of(MASTER, FIRST, SECOND);

  private static final int RATE = 48_000;
  private static final int PIECE = RATE / 5;

  /** Decibels of a tone that is there; of one that is not. */
  private static final double HEARD = -50;

  private static final double UNHEARD = -75;

  @TempDir static Path data;
  private static ChannelBrowser browser;

  @BeforeAll
  static void openBrowser() {
    assumeTrue(ScriptClients.hasJs(ChannelBrowser.PACKAGE));
    browser = new ChannelBrowser(data.resolve("server"));
  }

  @AfterAll
  static void closeBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  private static List<Double> loudness(Page page) {
    return PITCHES.stream()
        .map(
            hertz ->
                ((Number) page.evaluate("(hertz) => page.loudness(hertz)", hertz)).doubleValue())
        .toList();
  }

  private static void awaitHears(Page page, Integer... pitches) {
    List<Integer> wanted = Arrays.asList(pitches);
    await()
        .pollInterval(Duration.ofMillis(200))
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              List<Double> loud = loudness(page);
              for (int i = 0; i < PITCHES.size(); i++) {
                boolean there = wanted.contains(PITCHES.get(i));
                assertThat(there ? loud.get(i) - HEARD : UNHEARD - loud.get(i))
                    .as("%s of %s, wanted %s; %s", loud, PITCHES, wanted, browser.received(page))
                    .isPositive();
              }
            });
  }

  @Test
  void viewersAreHeardByTheMasterByEachOtherAndInTheStream() throws Exception {
    String arn = browser.storedChannel("talk");
    Page master = browser.storedMaster(arn, MASTER);
    Page listener = browser.storageViewer(arn, "listener", false);
    awaitHears(listener, MASTER);
    Page first = browser.storageViewer(arn, "viewer-1", FIRST);
    awaitHears(master, FIRST);
    awaitHears(first, MASTER);
    Page second = browser.storageViewer(arn, "viewer-2", SECOND);
    awaitHears(master, FIRST, SECOND);
    awaitHears(first, MASTER, SECOND);
    awaitHears(second, MASTER, FIRST);
    awaitHears(listener, MASTER, FIRST, SECOND);
    System.out.printf(
        "decibels of %s: master %s, viewers %s %s, listener %s%n",
        PITCHES, loudness(master), loudness(first), loudness(second), loudness(listener));
    first.close();
    second.close();
    awaitHears(listener, MASTER);
    master.evaluate("() => page.peer.close()");
    assertStored("talk");
  }

  /** All voices are in the stream, in one track without a hole, the master's alone at both ends. */
  private static void assertStored(String stream) throws Exception {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> gaps(stream).encode().contains("STORAGE_SESSION"));
    assertThat(gaps(stream)).as("nothing is missing but what is before and after").hasSize(2);
    Path sound = sound(stream);
    assertThat(ffprobe(sound, "stream=codec_name")).containsExactly("opus");
    List<Double> seconds =
        ffprobe(sound, "packet=pts_time")
            .map(line -> Double.valueOf(line.replace(",", "")))
            .toList();
    for (int i = 1; i < seconds.size(); i++) {
      assertThat(seconds.get(i) - seconds.get(i - 1))
          .as("at %s s", seconds.get(i))
          .isBetween(0.0, 0.05);
    }
    double[] samples = decoded(sound);
    List<String> chords = new ArrayList<>();
    for (int at = 0; at + PIECE < samples.length; at += PIECE) {
      int from = at;
      chords.add(
          PITCHES.stream()
              .filter(hertz -> amplitude(samples, from, hertz) > 0.1)
              .map(String::valueOf)
              .collect(Collectors.joining("+")));
    }
    String master = Integer.toString(MASTER);
    assertThat(chords)
        .as("what is heard in each fifth of a second")
        .contains(master, MASTER + "+" + FIRST, MASTER + "+" + FIRST + "+" + SECOND)
        .allMatch(chord -> chord.startsWith(master));
    assertThat(chords.getFirst()).isEqualTo(master);
    assertThat(chords.getLast()).isEqualTo(master);
  }

  private static JsonArray gaps(String stream) {
    String path = "/v1/streams/" + stream + "/timeline";
    return new JsonObject(browser.server.server().get(path).body()).getJsonArray("gaps");
  }

  /** The sound of a stream as it is stored, as a player of HLS gets it. */
  private static Path sound(String stream) {
    double now = System.currentTimeMillis() / 1000.0;
    URI hls = HlsClient.onDemand(browser.server.server(), stream, now - 600, now + 1).master();
    Path file = data.resolve(stream + ".mkv");
    // Behind it comes the same as AAC.
    run("ffmpeg -nostdin -v error -y -copyts -i %s -map 0:a:0 -c copy %s".formatted(hls, file));
    return file;
  }

  private static String run(String command) {
    return Programs.run(command.split(" ")).orThrow().out();
  }

  private static Stream<String> ffprobe(Path file, String what) {
    return run("ffprobe -v error -show_entries %s -of csv=p=0 %s".formatted(what, file)).lines();
  }

  /** Samples of one channel. */
  private static double[] decoded(Path file) throws IOException {
    Path samples = Path.of(file + ".f64");
    run(
        "ffmpeg -nostdin -v error -y -i %s -ac 1 -ar %d -f f64le %s"
            .formatted(file, RATE, samples));
    DoubleBuffer all =
        ByteBuffer.wrap(Files.readAllBytes(samples))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asDoubleBuffer();
    double[] array = new double[all.remaining()];
    all.get(array);
    return array;
  }

  private static double amplitude(double[] samples, int from, int hertz) {
    double sine = 0;
    double cosine = 0;
    for (int i = from; i < from + PIECE; i++) {
      double angle = 2 * Math.PI * hertz * i / RATE;
      sine += samples[i] * Math.sin(angle);
      cosine += samples[i] * Math.cos(angle);
    }
    return Math.hypot(sine, cosine) * 2 / PIECE;
  }
}
