package io.millrace.tests.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.tests.process.ServerProcess;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks for the pictures of any instants, and reads in them when they were taken. */
class PicturesTellTheTimeTest {
  private static final int FRAMES = 300;
  private static final int INTERVAL = 40;

  /** Instants asked of each camera; {@code -Dclocks.instants=200} asks a thousand of the five. */
  private static final int INSTANTS = Integer.getInteger("clocks.instants", 15);

  /** What a camera really takes that says 25 in its parameter sets. */
  private static final int SLOW_FRAMES_PER_SECOND = 21;

  private static final int OUTAGE_FROM = 4 * ClockedFilm.GOP;
  private static final int OUTAGE_TO = 7 * ClockedFilm.GOP;

  /** Until the second sender report a clock that drifts is not known. */
  private static final long SETTLED_MILLIS = 5500;

  @TempDir Path folder;

  private List<Long> times(long from, boolean variable) {
    SplittableRandom random = new SplittableRandom(1);
    List<Long> times = new ArrayList<>();
    long at = from;
    for (int i = 0; i < FRAMES; i++) {
      times.add(at);
      at += INTERVAL + (variable && random.nextInt(3) == 0 ? random.nextLong(INTERVAL) : 0);
    }
    return times;
  }

  private static List<Long> slowTimes(long from) {
    return LongStream.range(0, FRAMES)
        .mapToObj(i -> from + Math.round(i * 1000.0 / SLOW_FRAMES_PER_SECOND))
        .toList();
  }

  @Test
  void theTimeAskedForIsTheTimeInThePicture() throws Exception {
    // The cameras' clocks are an hour behind.
    long from = Instant.now().toEpochMilli() - 3_600_000;
    List<Long> even = times(from, false);
    List<Long> uneven = times(from, true);
    List<Long> slow = slowTimes(from);
    ClockedFilm plain = ClockedFilm.make(folder.resolve("plain.mkv"), even, 0);
    ClockedFilm reordered = ClockedFilm.make(folder.resolve("reordered.mkv"), even, 3);
    ClockedFilm variable = ClockedFilm.make(folder.resolve("variable.mkv"), uneven, 0);
    ClockedFilm rare = ClockedFilm.make(folder.resolve("rare.mkv"), slow, 0);
    ClockedCamera.Oddity drift = new ClockedCamera.Oddity(92_700, 0, 0);
    ClockedCamera.Oddity outage = new ClockedCamera.Oddity(90_000, OUTAGE_FROM, OUTAGE_TO);
    try (ClockedCamera bFrames = new ClockedCamera(reordered, ClockedCamera.Oddity.NONE);
        ClockedCamera rate = new ClockedCamera(variable, ClockedCamera.Oddity.NONE);
        ClockedCamera fast = new ClockedCamera(plain, drift);
        ClockedCamera lies = new ClockedCamera(rare, ClockedCamera.Oddity.NONE);
        ClockedCamera cut = new ClockedCamera(plain, outage);
        ServerProcess server = ServerProcess.start(folder.resolve("data"));
        HttpClient client = HttpClient.newHttpClient()) {
      Map<String, ClockedCamera> cameras =
          Map.of("b-frames", bFrames, "rate", rate, "fast", fast, "lies", lies, "cut", cut);
      for (Map.Entry<String, ClockedCamera> camera : cameras.entrySet()) {
        pull(client, server, camera.getKey(), camera.getValue().url());
      }
      cameras.values().forEach(camera -> camera.played().join());
      for (String name : cameras.keySet()) {
        check(client, server, name, Map.of("rate", uneven, "lies", slow).getOrDefault(name, even));
      }
      checkGap(client, server, even);
    }
  }

  private static void pull(HttpClient client, ServerProcess server, String name, String url)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.endpoint().resolve("/v1/sources/" + name))
            .PUT(
                HttpRequest.BodyPublishers.ofString(
                    new JsonObject().put("url", url).put("transport", "tcp").encode()))
            .build();
    assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(201);
  }

  private static HttpResponse<byte[]> picture(
      HttpClient client, ServerProcess server, String name, long millis) throws Exception {
    URI uri =
        server
            .endpoint()
            .resolve(
                "/v1/streams/%s/frame.jpg?at=%s".formatted(name, Instant.ofEpochMilli(millis)));
    return client.send(
        HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static void check(HttpClient client, ServerProcess server, String name, List<Long> times)
      throws Exception {
    TreeSet<Long> truth = new TreeSet<>(times);
    long last = times.getLast() - INTERVAL;
    await(name)
        .atMost(Duration.ofSeconds(10))
        .until(() -> picture(client, server, name, last).statusCode() == 200);
    SplittableRandom random = new SplittableRandom(name.hashCode());
    for (int i = 0; i < INSTANTS; i++) {
      long instant = random.nextLong(times.getFirst() + SETTLED_MILLIS, last);
      Long wanted = truth.floor(instant);
      int number = times.indexOf(wanted);
      HttpResponse<byte[]> answer = picture(client, server, name, instant);
      if (name.equals("cut") && number >= OUTAGE_FROM - 1 && number <= OUTAGE_TO) {
        boolean edge = number < OUTAGE_FROM + 2 || number > OUTAGE_TO - 2;
        assertThat(edge || answer.statusCode() != 200).as("a picture out of the gap").isTrue();
        continue;
      }
      assertThat(answer.statusCode()).as("%s at %d", name, instant).isEqualTo(200);
      long read = ClockedFilm.read(answer.body());
      boolean edge = instant - wanted < 2 || truth.higher(instant) - instant < 2;
      assertThat(Math.abs(read - wanted))
          .as("%s, picture %d", name, number)
          .isLessThanOrEqualTo(edge ? 2 * INTERVAL : 0);
    }
  }

  private static void checkGap(HttpClient client, ServerProcess server, List<Long> times)
      throws Exception {
    String span =
        "?start=%s&end=%s"
            .formatted(
                Instant.ofEpochMilli(times.getFirst()), Instant.ofEpochMilli(times.getLast()));
    JsonObject timeline =
        new JsonObject(
            client
                .send(
                    HttpRequest.newBuilder(
                            server.endpoint().resolve("/v1/streams/cut/timeline" + span))
                        .build(),
                    HttpResponse.BodyHandlers.ofString())
                .body());
    JsonObject gap =
        timeline.getJsonArray("gaps").stream()
            .map(JsonObject.class::cast)
            .filter(each -> each.getString("reason").equals("packet-loss"))
            .findFirst()
            .orElseThrow(() -> new AssertionError(timeline.encodePrettily()));
    long begins = Instant.parse(gap.getString("start")).toEpochMilli();
    long ends = Instant.parse(gap.getString("end")).toEpochMilli();
    assertThat(Math.abs(begins - times.get(OUTAGE_FROM))).isLessThanOrEqualTo(INTERVAL / 2);
    assertThat(Math.abs(ends - times.get(OUTAGE_TO))).isLessThanOrEqualTo(INTERVAL / 2);
  }
}
