package io.millrace.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.ingest.IngestServer;
import io.millrace.ingest.Producer;
import io.millrace.ingest.fragmenter.GopSettings;
import io.millrace.ingest.fragmenter.MkvSample;
import io.millrace.ingest.putmedia.PutMediaSettings;
import io.millrace.media.mkv.FragmentTraits;
import io.millrace.media.mkv.FrameEvent;
import io.millrace.media.mkv.MkvDemuxer;
import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.mkv.MkvListener;
import io.millrace.media.mkv.MkvSettings;
import io.millrace.media.mp4.ByteSource;
import io.millrace.media.mp4.Mp4Reader;
import io.millrace.media.mp4.Mp4Sample;
import io.millrace.media.mp4.Mp4Settings;
import io.millrace.media.track.Frame;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.tests.fixtures.Recordings;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaUploadTest {
  private static final String START = "2024-02-29T12:00:00.250Z";
  private static final long START_NANOS = Instant.parse(START).toEpochMilli() * 1_000_000;

  @TempDir Path data;
  private IngestServer server;

  @BeforeEach
  void open() throws Exception {
    server = IngestServer.open(data);
    if (server.catalog.find("cam").isEmpty()) {
      server.withStream("cam");
    }
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private HttpResponse<String> send(String method, String address, byte[] body) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.door.port() + address))
              .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private JsonNode upload(String query, byte[] body) throws Exception {
    HttpResponse<String> answer = send("PUT", "/v1/streams/cam/media" + query, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }

  /** Frames of a file as "track pts keyframe size hash", times rounded to milliseconds. */
  private static List<String> frames(byte[] body, boolean mp4) throws Exception {
    List<String> frames = new ArrayList<>();
    if (mp4) {
      Mp4Reader reader = Mp4Reader.open(ByteSource.of(ByteBuffer.wrap(body)), Mp4Settings.DEFAULT);
      for (Mp4Sample next = reader.next(); next != null; next = reader.next()) {
        Frame frame = reader.read(next);
        frames.add(line(frame.trackNumber(), frame.ptsNanos(), frame.keyframe(), frame.data()));
      }
      return frames;
    }
    MkvDemuxer demuxer =
        new MkvDemuxer(
            MkvSettings.LIVE.withDeliveredBytes(Integer.MAX_VALUE),
            new MkvListener() {
              @Override
              public void frame(FrameEvent frame) {
                frames.add(
                    line(frame.trackNumber(), frame.ptsNanos(), frame.keyframe(), frame.data()));
              }
            });
    demuxer.feed(ByteBuffer.wrap(body));
    demuxer.end();
    return frames;
  }

  private static String line(int track, long ptsNanos, boolean keyframe, ByteBuffer data) {
    long millis = Math.floorDiv(ptsNanos + 500_000, 1_000_000L);
    return "%d %d %b %d %08x"
        .formatted(track, millis, keyframe, data.remaining(), data.duplicate().hashCode());
  }

  private List<String> storedFrames(long shiftNanos) throws Exception {
    List<String> frames = new ArrayList<>();
    for (FragmentEntry entry : server.fragments("cam")) {
      MkvFragment fragment = MkvFragment.parse(server.payload("cam", entry));
      assertThat(fragment.clusterTimecodeNanos()).isEqualTo(entry.producerTimeNanos());
      for (Frame frame : fragment.frames()) {
        frames.add(
            line(
                frame.trackNumber(),
                frame.ptsNanos() - shiftNanos,
                frame.keyframe(),
                frame.data()));
      }
    }
    return frames;
  }

  @ParameterizedTest
  @EnumSource(
      value = Recordings.class,
      names = {"CLUSTERS", "H264_OPEN_GOP", "H264_VARIABLE_RATE", "H265_AAC", "H264_AAC_MP4_.*"},
      mode = EnumSource.Mode.MATCH_ANY)
  void keepsEveryFrameAtItsTimeInFragmentsThatBeginAtKeyframes(Recordings recording)
      throws Exception {
    byte[] body = recording.bytes();
    boolean mp4 = recording.fileName().endsWith(".mp4");
    JsonNode summary = upload("?start=" + START, body);
    List<String> expected = frames(body, mp4);
    assertThat(storedFrames(START_NANOS)).isEqualTo(expected);
    assertThat(server.fragments("cam")).hasSize(summary.get("fragments").asInt());
    assertThat(server.fragments("cam"))
        .allMatch(entry -> FragmentTraits.of(entry.flags()).startsWithKeyframe());
    assertThat(summary.get("fragmentsWithoutKeyframe").asInt()).isZero();
    assertThat(summary.get("gapCount").asInt()).isZero();
    Map<Integer, Long> counts = new TreeMap<>();
    summary
        .get("tracks")
        .forEach(t -> counts.put(t.get("number").asInt(), t.get("frames").asLong()));
    assertThat(counts.values().stream().mapToLong(c -> c).sum()).isEqualTo(expected.size());
    assertThat(Instant.parse(summary.get("start").asText()))
        .isBetween(Instant.parse(START), Instant.parse(START).plusMillis(100));
    assertThat(data.resolve("spool").toFile().list())
        .satisfiesAnyOf(list -> assertThat(list).isNull(), list -> assertThat(list).isEmpty());
  }

  @Test
  void takesALiveChunkedBodyAndStoresItAsItComes() throws Exception {
    byte[] body = Recordings.H264_AAC_LIVE.bytes();
    try (Producer curl =
        new Producer(
            server.door.port(),
            "/v1/streams/cam/media?start=" + START,
            Map.of("Transfer-Encoding", "chunked"))) {
      // The producer posts, as some clients cannot put.
      int most = body.length - 1000;
      for (int at = 0; at < most; at += 5000) {
        curl.send(body, at, Math.min(most, at + 5000));
      }
      await().until(() -> !server.fragments("cam").isEmpty());
      curl.send(body, most, body.length).finish();
      assertThat(curl.body()).contains("\"fragments\":");
    }
    assertThat(storedFrames(START_NANOS)).isEqualTo(frames(body, false));
  }

  @Test
  void placesTimesByWhatTheFileSays() throws Exception {
    byte[] relative = MkvSample.withTracks(1).cluster(500, 0).bytes();
    assertThat(upload("", relative).get("start").asText())
        .isEqualTo(IngestServer.ARRIVAL.plusMillis(500).toString());
    byte[] absolute = MkvSample.withTracks(1).cluster(1_700_000_000_500L, 0).bytes();
    assertThat(upload("", absolute).get("start").asText()).isEqualTo("2023-11-14T22:13:20.500Z");
    assertThat(upload("?start=" + START, absolute).get("start").asText()).isEqualTo(START);
    assertThat(upload("?start=2024-02-29T13:00:00%2B01:00", relative).get("start").asText())
        .isEqualTo("2024-02-29T12:00:00.500Z");
  }

  @Test
  void joinsFilesThatFollowEachOther() throws Exception {
    byte[] one = MkvSample.withTracks(1).cluster(0, 0, 500).bytes();
    byte[] both = Arrays.copyOf(one, 2 * one.length);
    System.arraycopy(one, 0, both, one.length, one.length);
    JsonNode summary = upload("?start=" + START, both);
    assertThat(summary.get("fragments").asInt()).isEqualTo(2);
    assertThat(server.fragments("cam"))
        .extracting(entry -> entry.producerTimeNanos() - START_NANOS)
        .containsExactly(0L, 500_000_000L);
  }

  @Test
  void reportsGaps() throws Exception {
    MkvSample sample = MkvSample.withTracks(1);
    sample.cluster(0, 0, 500, 1000, 1500).cluster(2000, 0, 500).cluster(10_000, 0, 500);
    JsonNode summary = upload("?start=2024-02-29T12:00:00Z", sample.bytes());
    assertThat(summary.get("gapCount").asInt()).isEqualTo(1);
    assertThat(summary.get("gaps").get(0).get("to").asText()).isEqualTo("2024-02-29T12:00:10Z");
    assertThat(summary.get("gaps").get(0).get("from").asText()).isEqualTo("2024-02-29T12:00:03Z");
  }

  @Test
  void createsAStreamWhenAsked() throws Exception {
    byte[] body = MkvSample.withTracks(1).cluster(0, 0).bytes();
    HttpResponse<String> refused = send("PUT", "/v1/streams/new/media", body);
    assertThat(refused.statusCode()).isEqualTo(404);
    assertThat(refused.body()).contains("create=true");
    HttpResponse<String> made =
        send("PUT", "/v1/streams/new/media?create=true&retention-hours=7", body);
    assertThat(made.body()).contains("\"created\":true");
    assertThat(server.catalog.find("new").orElseThrow().retentionHours()).isEqualTo(7);
    assertThat(send("POST", "/v1/streams/new/media?create=true", body).body())
        .contains("\"created\":false");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?start=yesterday",
        "?start=2300-01-01T00:00:00Z",
        "?create=maybe",
        "?retention-hours=-1",
        "?retention-hours=87601",
      })
  void refusesParametersThatMakeNoSense(String query) throws Exception {
    HttpResponse<String> answer =
        send("PUT", "/v1/streams/cam/media" + query, new byte[] {1, 2, 3});
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("x-amzn-ErrorType"))
        .hasValue("InvalidArgumentException");
  }

  @ParameterizedTest
  @CsvSource({
    "'', neither Matroska nor MP4",
    "RIFF0000, neither Matroska nor MP4",
    "abc, neither Matroska nor MP4",
    "0000ftypisom, no moov"
  })
  void refusesWhatIsNoMedia(String text, String message) throws Exception {
    byte[] body = text.getBytes();
    if (text.startsWith("0000")) {
      ByteBuffer.wrap(body).putInt(body.length);
    }
    HttpResponse<String> answer = send("PUT", "/v1/streams/cam/media", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.headers().firstValue("x-amzn-ErrorType")).hasValue("MalformedMediaException");
    assertThat(answer.body()).contains(message);
    assertThat(server.fragments("cam")).isEmpty();
  }

  @Test
  void saysHowFarADamagedFileWasRead() throws Exception {
    byte[] body = MkvSample.withTracks(1).cluster(0, 0).cluster(3000, 0).cluster(6000, 0).bytes();
    HttpResponse<String> answer =
        send("PUT", "/v1/streams/cam/media", Arrays.copyOf(body, body.length - 3));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("at byte").contains("; 1 fragments before it are kept");
    assertThat(server.fragments("cam")).hasSize(1);
  }

  private void reopen(UploadSettings settings) throws Exception {
    server.close();
    server = IngestServer.open(data, PutMediaSettings.defaults(), settings, catalog -> catalog);
  }

  private UploadSettings limits(long spoolBytes, int uploads) {
    return new UploadSettings(
        GopSettings.defaults(),
        data.resolve("spool"),
        spoolBytes,
        uploads,
        1 << 20,
        Duration.ofMillis(2),
        Duration.ofSeconds(5),
        24,
        Duration.ofMillis(200),
        10);
  }

  @Test
  void boundsTheSpool() throws Exception {
    byte[] body = Recordings.H264_AAC_MP4_MOOV_LAST.bytes();
    reopen(limits(body.length, 4));
    assertThat(send("PUT", "/v1/streams/cam/media", body).statusCode()).isEqualTo(200);
    reopen(limits(body.length - 1, 4));
    assertThat(send("PUT", "/v1/streams/cam/media", body).statusCode()).isEqualTo(413);
    File[] left = data.resolve("spool").toFile().listFiles();
    assertThat(left).isEmpty();
  }

  @Test
  void boundsTheNumberOfUploadsAndForgetsThoseThatBreak() throws Exception {
    reopen(limits(1 << 20, 1));
    try (Producer first =
        new Producer(
            server.door.port(), "/v1/streams/cam/media", Map.of("Content-Length", "1000"))) {
      first.raw(Arrays.copyOf(Recordings.H264_AAC_MP4_MOOV_LAST.bytes(), 500));
      await().until(() -> server.metrics.stream("cam").openConnections().sum() == 1);
      HttpResponse<String> second = send("PUT", "/v1/streams/cam/media", new byte[0]);
      assertThat(second.statusCode()).isEqualTo(400);
      assertThat(second.headers().firstValue("x-amzn-ErrorType"))
          .hasValue("ClientLimitExceededException");
    }
    await().until(() -> server.metrics.stream("cam").openConnections().sum() == 0);
    byte[] body = MkvSample.withTracks(1).cluster(0, 0).bytes();
    await().until(() -> send("PUT", "/v1/streams/cam/media", body).statusCode() == 200);
    await().untilAsserted(() -> assertThat(data.resolve("spool").toFile().listFiles()).isEmpty());
  }

  @Test
  void clearsWhatACrashLeft() throws Exception {
    server.close();
    Path spool = Files.createDirectories(data.resolve("spool"));
    Files.write(spool.resolve("upload-1.mp4"), new byte[10]);
    Files.write(spool.resolve("notes.txt"), new byte[10]);
    open();
    assertThat(spool.toFile().list()).containsExactly("notes.txt");
  }

  @Test
  void holdsALargeUploadBackWhileTheStoreIsBehind() throws Exception {
    reopen(limits(1 << 20, 4));
    MkvSample large = MkvSample.withTracks(1);
    for (int i = 0; i < 30; i++) {
      large.openCluster(i * 2000L, 1_000_000, 1);
    }
    JsonNode summary = upload("", large.bytes());
    assertThat(summary.get("fragments").asInt()).isEqualTo(30);
    assertThat(server.fragments("cam")).hasSize(30);
  }
}
