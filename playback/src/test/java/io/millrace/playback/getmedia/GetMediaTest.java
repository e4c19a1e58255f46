package io.millrace.playback.getmedia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.mkv.SimpleTag;
import io.millrace.playback.PlaybackSettings;
import io.millrace.playback.clip.Clip;
import io.millrace.playback.clip.NumberedClip;
import io.millrace.playback.clip.TestServer;
import io.millrace.playback.reading.ReadingSettings;
import io.millrace.playback.source.Nanos;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentLog;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesisvideomedia.model.ConnectionLimitExceededException;
import software.amazon.awssdk.services.kinesisvideomedia.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesisvideomedia.model.StartSelector;

final class GetMediaTest {
  private static final int EBML = 0x1a45dfa3;
  private static TestServer server;
  private static List<Clip.Fragment> sent;
  private static List<FragmentEntry> stored;
  private static FragmentLog log;

  @BeforeAll
  static void start() throws Exception {
    server = server(Duration.ofMillis(400), 2);
    Clip clip = Clip.of(NumberedClip.encode("libx264", 320, 180, 25, 100, "-g", "25"));
    sent = clip.fragments(Nanos.of(server.now()));
    log = server.create("cam");
    stored = new ArrayList<>();
    for (Clip.Fragment fragment : sent) {
      stored.addAll(TestServer.append(log, List.of(fragment)));
      server.advance(1_000);
    }
  }

  private static TestServer server(Duration maxDuration, int connections) throws Exception {
    PlaybackSettings all = TestServer.settings();
    return new TestServer(
        new PlaybackSettings(
            new GetMediaSettings(
                connections,
                connections,
                maxDuration,
                Duration.ofMillis(200),
                Duration.ofSeconds(10),
                64 << 10),
            all.hls(),
            all.frames(),
            all.decoders(),
            all.timeline(),
            ReadingSettings.defaults()));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static InputStream open(TestServer from, Consumer<StartSelector.Builder> selector) {
    return from.media().getMedia(r -> r.streamName("cam").startSelector(selector));
  }

  /** The documents of a reply that ends by itself. */
  private static List<byte[]> read(Consumer<StartSelector.Builder> selector) throws Exception {
    try (InputStream in = open(server, selector)) {
      return documents(in.readAllBytes());
    }
  }

  private static List<byte[]> documents(byte[] reply) {
    List<byte[]> documents = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(reply);
    int start = 0;
    for (int i = 1; i <= reply.length; i++) {
      if (i == reply.length || (i + 4 <= reply.length && bytes.getInt(i) == EBML)) {
        documents.add(java.util.Arrays.copyOfRange(reply, start, i));
        start = i;
      }
    }
    return reply.length == 0 ? List.of() : documents;
  }

  private static List<String> numbers(List<byte[]> documents) throws Exception {
    List<String> numbers = new ArrayList<>();
    for (byte[] document : documents) {
      numbers.add(tag(document, "FRAGMENT_NUMBER"));
    }
    return numbers;
  }

  private static String tag(byte[] document, String name) throws Exception {
    return MkvFragment.parse(ByteBuffer.wrap(document)).tags().stream()
        .filter(tag -> tag.name().equals("AWS_KINESISVIDEO_" + name))
        .map(SimpleTag::value)
        .findFirst()
        .orElse("");
  }

  private static List<String> storedFrom(int index) {
    return stored.subList(index, stored.size()).stream().map(e -> e.number().toString()).toList();
  }

  @Test
  void bytesComeBackAsSentBetweenTheTags() throws Exception {
    List<byte[]> documents = read(s -> s.startSelectorType("EARLIEST"));
    assertThat(numbers(documents)).isEqualTo(storedFrom(0));
    for (int i = 0; i < documents.size(); i++) {
      byte[] payload = Clip.bytes(sent.get(i).payload());
      int cluster = MkvFragment.parse(sent.get(i).payload()).clusterStart();
      byte[] document = documents.get(i);
      assertThat(java.util.Arrays.copyOf(document, cluster))
          .isEqualTo(java.util.Arrays.copyOf(payload, cluster));
      int there = MkvFragment.parse(ByteBuffer.wrap(document)).clusterStart();
      assertThat(java.util.Arrays.copyOfRange(document, there, there + payload.length - cluster))
          .isEqualTo(java.util.Arrays.copyOfRange(payload, cluster, payload.length));
      String text = new String(document, java.nio.charset.StandardCharsets.ISO_8859_1);
      assertThat(text.substring(there + payload.length - cluster))
          .contains("AWS_KINESISVIDEO_MILLIS_BEHIND_NOW", "AWS_KINESISVIDEO_CONTINUATION_TOKEN")
          .contains(stored.get(i).number().toString());
    }
    assertThat(tag(documents.get(1), "SERVER_TIMESTAMP")).isEqualTo("1772366401.000");
    assertThat(tag(documents.get(1), "PRODUCER_TIMESTAMP")).isEqualTo("1772366401.000");
  }

  @Test
  void everySelectorStartsWhereItSays() throws Exception {
    String second = stored.get(1).number().toString();
    assertThat(
            numbers(read(s -> s.startSelectorType("FRAGMENT_NUMBER").afterFragmentNumber(second))))
        .isEqualTo(storedFrom(2));
    assertThat(
            numbers(read(s -> s.startSelectorType("CONTINUATION_TOKEN").continuationToken(second))))
        .isEqualTo(storedFrom(2));
    for (String type : List.of("PRODUCER_TIMESTAMP", "SERVER_TIMESTAMP")) {
      var base = Nanos.toInstant(sent.getFirst().producerTimeNanos());
      assertThat(
              numbers(read(s -> s.startSelectorType(type).startTimestamp(base.plusMillis(1_500)))))
          .as("the fragment that holds it")
          .isEqualTo(storedFrom(1));
      assertThat(
              numbers(read(s -> s.startSelectorType(type).startTimestamp(base.minusSeconds(60)))))
          .as("the first after it")
          .isEqualTo(storedFrom(0));
      assertThat(read(s -> s.startSelectorType(type).startTimestamp(base.plusSeconds(60))))
          .as("nothing yet")
          .isEmpty();
    }
    assertThat(numbers(read(s -> s.startSelectorType("NOW")))).isEqualTo(storedFrom(3));
  }

  @Test
  void selectorsThatLackSomethingAreRefused() {
    for (String type :
        List.of(
            "FRAGMENT_NUMBER", "CONTINUATION_TOKEN", "PRODUCER_TIMESTAMP", "SERVER_TIMESTAMP")) {
      assertThatThrownBy(() -> read(s -> s.startSelectorType(type)))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("is required");
    }
    assertThatThrownBy(
            () -> read(s -> s.startSelectorType("FRAGMENT_NUMBER").afterFragmentNumber("12")))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void aLiveReplyGetsNewFragmentsAndItsPlaceIsFreedWhenTheClientLeaves() throws Exception {
    try (TestServer live = server(Duration.ofMinutes(1), 2)) {
      FragmentLog cam = live.create("cam", 0);
      InputStream first = open(live, s -> s.startSelectorType("NOW"));
      InputStream second = open(live, s -> s.startSelectorType("EARLIEST"));
      assertThatThrownBy(() -> open(live, s -> s.startSelectorType("NOW")))
          .isInstanceOf(ConnectionLimitExceededException.class);
      List<FragmentEntry> added = TestServer.append(cam, sent.subList(0, 1));
      byte[] head = first.readNBytes(sent.getFirst().payload().remaining());
      assertThat(text(head)).contains(added.getFirst().number().toString());
      ((software.amazon.awssdk.core.ResponseInputStream<?>) first).abort();
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> live.playback.metrics().getMedia().open.sum() == 1);
      open(live, s -> s.startSelectorType("NOW")).close();
      live.playback.drain();
      assertThat(documents(second.readAllBytes())).hasSize(1);
    }
  }

  @Test
  void aDeletedStreamEndsItsRepliesAndSessions() throws Exception {
    try (TestServer live = server(Duration.ofMinutes(1), 2)) {
      TestServer.append(live.create("cam"), sent.subList(0, 2));
      InputStream reply = open(live, s -> s.startSelectorType("EARLIEST"));
      assertThat(reply.readNBytes(1000)).hasSize(1000);
      String url =
          live.archived()
              .getHLSStreamingSessionURL(r -> r.streamName("cam"))
              .hlsStreamingSessionURL();
      assertThat(live.get(url).statusCode()).isEqualTo(200);
      live.delete("cam");
      reply.readAllBytes();
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> live.playback.metrics().getMedia().open.sum() == 0);
      String session = url.substring(url.indexOf("SessionToken="));
      assertThat(
              live.get("/hls/v1/getMP4InitFragment.mp4?TrackNumber=1&SequenceNumber=1&" + session)
                  .statusCode())
          .isEqualTo(404);
      var segment =
          live.get(
              "/hls/v1/getMP4MediaFragment.mp4?TrackNumber=1&FragmentNumber="
                  + stored.getFirst().number()
                  + "&"
                  + session);
      assertThat(segment.statusCode()).as(new String(segment.body())).isEqualTo(404);
      assertThat(live.get("/v1/streams/cam/frame.jpg").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void aSlowClientDoesNotPileUpBytes() throws Exception {
    try (TestServer live = server(Duration.ofMinutes(1), 2)) {
      FragmentLog cam = live.create("cam");
      byte[] big = new byte[8 << 20];
      long total = 0;
      for (int i = 0; i < 6; i++) {
        Clip.Fragment base = sent.getFirst();
        ByteBuffer cluster =
            new io.millrace.media.mkv.ClusterWriter(
                    base.producerTimeNanos() + i * Clip.SECOND, 1_000_000, big.length + 64)
                .add(1, base.producerTimeNanos() + i * Clip.SECOND, true, ByteBuffer.wrap(big))
                .finish();
        int header = MkvFragment.parse(base.payload()).clusterStart();
        ByteBuffer payload =
            Clip.concat(List.of(base.payload().duplicate().limit(header), cluster));
        total += payload.remaining();
        TestServer.append(
            cam,
            List.of(
                new Clip.Fragment(
                    base.producerTimeNanos() + i * Clip.SECOND, Clip.SECOND, 1, 3, payload)));
      }
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(live.url() + "/getMedia"))
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"StreamName\":\"cam\",\"StartSelector\":{\"StartSelectorType\":\"EARLIEST\"}}"))
              .build();
      HttpResponse<InputStream> reply =
          live.http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      assertThat(reply.headers().firstValue("content-type")).contains("video/webm");
      var bytes = live.playback.metrics().getMedia().bytes;
      await()
          .atMost(Duration.ofSeconds(10))
          .during(Duration.ofMillis(300))
          .until(bytes::sum, sum -> sum > 0 && sum == bytes.sum());
      assertThat(bytes.sum()).as("all of " + total).isLessThan(total - (8 << 20));
      long read = 0;
      byte[] piece = new byte[1 << 16];
      while (read < total) {
        int n = reply.body().read(piece);
        assertThat(n).isPositive();
        read += n;
      }
      reply.body().close();
    }
  }

  @Test
  void aFragmentListAnswersInItsOrderAndTellsWhatIsMissing() throws Exception {
    String missing = new io.millrace.store.fragment.FragmentNumber(999, 1, 1).toString();
    List<String> asked =
        List.of(stored.get(2).number().toString(), missing, stored.get(0).number().toString(), "7");
    try (InputStream in =
        server.archived().getMediaForFragmentList(r -> r.streamName("cam").fragments(asked))) {
      List<byte[]> documents = documents(in.readAllBytes());
      assertThat(documents).hasSize(4);
      assertThat(tag(documents.get(0), "FRAGMENT_NUMBER")).isEqualTo(asked.get(0));
      assertThat(tag(documents.get(2), "FRAGMENT_NUMBER")).isEqualTo(asked.get(2));
      for (int i : new int[] {0, 2}) {
        assertThat(text(documents.get(i))).doesNotContain("MILLIS_BEHIND_NOW");
      }
      for (int i : new int[] {1, 3}) {
        assertThat(text(documents.get(i)))
            .contains(asked.get(i), "AWS_KINESISVIDEO_ERROR_ID", "4000")
            .contains("AWS_KINESISVIDEO_ERROR_CODE", "AWS_KINESISVIDEO_EXCEPTION_ERROR_CODE")
            .contains("AWS_KINESISVIDEO_EXCEPTION_MESSAGE")
            .doesNotContain("SERVER_TIMESTAMP");
      }
    }
  }

  private static String text(byte[] document) {
    return new String(document, java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
