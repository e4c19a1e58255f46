package io.millrace.playback.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.track.GapReason;
import io.millrace.playback.PlaybackSettings;
import io.millrace.playback.clip.Clip;
import io.millrace.playback.clip.TestServer;
import io.millrace.playback.reading.ReadingSettings;
import io.millrace.playback.source.Nanos;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.StreamEvent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class TimelineTest {
  private static Clip.Fragment fragment(Instant start, long millis) {
    return new Clip.Fragment(
        Nanos.of(start), millis * Nanos.PER_MILLI, 1, 0, ByteBuffer.wrap(new byte[10]));
  }

  private static TestServer server(int maxRanges) throws Exception {
    PlaybackSettings all = TestServer.settings();
    return new TestServer(
        new PlaybackSettings(
            all.getMedia(),
            all.hls(),
            all.frames(),
            all.decoders(),
            new TimelineSettings(
                Duration.ofSeconds(1), Duration.ofHours(24), 200_000, maxRanges, 3),
            ReadingSettings.defaults()));
  }

  @Test
  void rangesAndGapsAreMergedWhateverTheOrder() throws Exception {
    try (TestServer server = server(2)) {
      FragmentLog log = server.create("cam");
      Instant base = server.now().minusSeconds(1000);
      List<Clip.Fragment> fragments = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        fragments.add(fragment(base.plusSeconds(2L * i), 2_000));
        fragments.add(fragment(base.plusSeconds(21 + 2L * i), 2_000));
        fragments.add(fragment(base.plusMillis(42_001 + 2_000L * i), 2_000));
      }
      Collections.shuffle(fragments, new Random(4));
      TestServer.append(log, fragments);
      JsonObject answer = new JsonObject(server.text("/v1/streams/cam/timeline"));
      JsonArray ranges = answer.getJsonArray("ranges");
      assertThat(ranges).hasSize(2);
      assertThat(ranges.getJsonObject(0))
          .isEqualTo(span(base, base.plusSeconds(41)).put("fragments", 20));
      assertThat(ranges.getJsonObject(1))
          .isEqualTo(span(base.plusMillis(42_001), base.plusMillis(62_001)).put("fragments", 10));
      assertThat(answer.getJsonArray("gaps"))
          .containsExactly(
              nobody(server.now().minus(Duration.ofHours(24)), base),
              nobody(base.plusSeconds(41), base.plusMillis(42_001)),
              nobody(base.plusMillis(62_001), server.now()));
      assertThat(answer.getBoolean("complete")).isTrue();
      assertThat(answer.getString("oldest")).isNotNull();

      JsonObject part =
          new JsonObject(
              server.text(
                  "/v1/streams/cam/timeline?start=%s&end=%s"
                      .formatted(base.plusSeconds(5), base.plusSeconds(9))));
      assertThat(part.getJsonArray("ranges").getJsonObject(0).getString("start"))
          .as("the fragment that holds the start is cut there")
          .isEqualTo(base.plusSeconds(5).toString());
      assertThat(part.getJsonArray("ranges").getJsonObject(0).getString("end"))
          .isEqualTo(base.plusSeconds(9).toString());

      TestServer.append(log, List.of(fragment(base.plusSeconds(500), 2_000)));
      JsonObject cut = new JsonObject(server.text("/v1/streams/cam/timeline"));
      assertThat(cut.getJsonArray("ranges")).as("one range beyond the limit").hasSize(2);
      assertThat(cut.getBoolean("complete")).isFalse();
    }
  }

  private static JsonObject nobody(Instant start, Instant end) {
    return span(start, end).put("reason", "no-producer");
  }

  private static JsonObject span(Instant start, Instant end) {
    return new JsonObject().put("start", start.toString()).put("end", end.toString());
  }

  @Test
  void anEmptyStreamHasNoRangesAndBadTimesAreRefused() throws Exception {
    try (TestServer server = server(10)) {
      server.create("cam");
      JsonObject answer = new JsonObject(server.text("/v1/streams/cam/timeline?axis=server"));
      assertThat(answer.getJsonArray("ranges")).isEmpty();
      assertThat(answer.containsKey("oldest")).isFalse();
      assertThat(server.get("/v1/streams/cam/timeline?start=now&end=now-1s").statusCode())
          .isEqualTo(400);
      assertThat(server.get("/v1/streams/cam/timeline?start=x").statusCode()).isEqualTo(400);
    }
  }

  private static void happened(
      FragmentLog log, GapReason reason, int more, Instant start, Instant end, String detail)
      throws Exception {
    log.events()
        .append(
            new StreamEvent(
                reason.code() | more,
                Nanos.of(start),
                Nanos.of(end),
                end.toEpochMilli(),
                4,
                detail))
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  @Test
  void everyHoleHasItsReason() throws Exception {
    try (TestServer server = server(100)) {
      FragmentLog log = server.create("cam");
      Instant base = server.now().minusSeconds(1000);
      TestServer.append(
          log,
          List.of(
              fragment(base, 10_000),
              fragment(base.plusSeconds(30), 10_000),
              fragment(base.plusSeconds(60), 10_000)));
      happened(
          log,
          GapReason.CONNECTION_LOST,
          0,
          base.plusMillis(10_030),
          base.plusMillis(10_030),
          "RTSP_PULL porch");
      happened(
          log,
          GapReason.PACKET_LOSS,
          0,
          base.plusSeconds(33),
          base.plusMillis(33_080),
          "one picture");
      happened(
          log,
          GapReason.PACKET_LOSS,
          GapReason.PARTIAL,
          base.plusSeconds(61),
          base.plusSeconds(62),
          "sound");
      String range =
          "/v1/streams/cam/timeline?start=%s&end=%s".formatted(base, base.plusSeconds(70));
      JsonObject answer = new JsonObject(server.text(range));
      assertThat(answer.getBoolean("complete")).as("as many events as the limit").isFalse();
      assertThat(answer.getJsonArray("gaps"))
          .containsExactly(
              span(base.plusSeconds(10), base.plusSeconds(30))
                  .put("reason", "connection-lost")
                  .put("count", 4)
                  .put("detail", "RTSP_PULL porch"),
              span(base.plusSeconds(33), base.plusMillis(33_080))
                  .put("reason", "packet-loss")
                  .put("count", 4)
                  .put("detail", "one picture"),
              span(base.plusSeconds(40), base.plusSeconds(60)).put("reason", "no-producer"));
      assertThat(answer.getJsonArray("ranges"))
          .containsExactly(
              span(base, base.plusSeconds(10)).put("fragments", 1),
              span(base.plusSeconds(30), base.plusSeconds(33)).put("fragments", 1),
              span(base.plusMillis(33_080), base.plusSeconds(40)).put("fragments", 1),
              span(base.plusSeconds(60), base.plusSeconds(70)).put("fragments", 1));
      assertThat(answer.getJsonArray("notes").getJsonObject(0).getString("detail"))
          .isEqualTo("sound");
    }
  }

  @Test
  void aClockThatWasSetExplainsTheHoleUpToWhereItGoesOn() throws Exception {
    try (TestServer server = server(100)) {
      FragmentLog log = server.create("cam");
      Instant base = server.now().minusSeconds(1000);
      TestServer.append(
          log, List.of(fragment(base, 10_000), fragment(base.plusSeconds(30), 10_000)));
      happened(
          log, GapReason.CLOCK_JUMP, 0, base.plusSeconds(30), base.plusSeconds(30), "20 s ahead");
      happened(
          log, GapReason.CLOCK_JUMP, 0, base.plusMillis(500), base.plusMillis(500), "0.5 s back");
      JsonObject answer =
          new JsonObject(
              server.text(
                  "/v1/streams/cam/timeline?start=%s&end=%s"
                      .formatted(base.minusSeconds(10), base.plusSeconds(40))));
      assertThat(answer.getJsonArray("gaps"))
          .containsExactly(
              nobody(base.minusSeconds(10), base),
              span(base.plusSeconds(10), base.plusSeconds(30))
                  .put("reason", "clock-jump")
                  .put("count", 4)
                  .put("detail", "20 s ahead"));
      assertThat(answer.getJsonArray("notes")).hasSize(2);
    }
  }

  @Test
  void aLossAtTheEdgeOfAHoleIsToldApartFromIt() throws Exception {
    try (TestServer server = server(100)) {
      FragmentLog log = server.create("cam");
      Instant base = server.now().minusSeconds(1000);
      TestServer.append(
          log, List.of(fragment(base, 10_000), fragment(base.plusSeconds(30), 10_000)));
      happened(
          log, GapReason.DECODE_TROUBLE, 0, base.plusSeconds(9), base.plusSeconds(11), "broken");
      JsonObject answer =
          new JsonObject(
              server.text(
                  "/v1/streams/cam/timeline?start=%s&end=%s"
                      .formatted(base, base.plusSeconds(40))));
      JsonArray gaps = answer.getJsonArray("gaps");
      assertThat(gaps.getJsonObject(0).getString("end")).isEqualTo(base.plusSeconds(10).toString());
      assertThat(gaps.getJsonObject(1).getString("start"))
          .isEqualTo(base.plusSeconds(10).toString());
      assertThat(gaps.getJsonObject(1).getString("end")).isEqualTo(base.plusSeconds(30).toString());
      assertThat(answer.getBoolean("complete")).isTrue();
    }
  }

  @Test
  void whatWasLostLastBeforeASourceLeftIsToldApart() throws Exception {
    try (TestServer server = server(100)) {
      FragmentLog log = server.create("cam");
      Instant base = server.now().minusSeconds(1000);
      TestServer.append(
          log, List.of(fragment(base, 10_000), fragment(base.plusSeconds(30), 10_000)));
      Instant lost = base.plusMillis(10_080);
      happened(log, GapReason.PACKET_LOSS, 0, base.plusMillis(9_999), lost, "two pictures");
      happened(log, GapReason.CONNECTION_LOST, 0, lost, lost, "a cable");
      JsonObject answer =
          new JsonObject(
              server.text(
                  "/v1/streams/cam/timeline?start=%s&end=%s"
                      .formatted(base.plusMillis(9_999), base.plusSeconds(40))));
      JsonArray gaps = answer.getJsonArray("gaps");
      assertThat(gaps).hasSize(3);
      assertThat(gaps.getJsonObject(0).getString("reason")).isEqualTo("packet-loss");
      assertThat(gaps.getJsonObject(1))
          .isEqualTo(
              span(base.plusSeconds(10), lost)
                  .put("reason", "packet-loss")
                  .put("count", 4)
                  .put("detail", "two pictures"));
      assertThat(gaps.getJsonObject(2))
          .isEqualTo(
              span(lost, base.plusSeconds(30))
                  .put("reason", "connection-lost")
                  .put("count", 4)
                  .put("detail", "a cable"));
    }
  }
}
