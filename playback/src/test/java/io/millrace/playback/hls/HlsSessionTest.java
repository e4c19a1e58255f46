package io.millrace.playback.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.mkv.ClusterWriter;
import io.millrace.media.mkv.MkvMuxer;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.Track;
import io.millrace.playback.PlaybackSettings;
import io.millrace.playback.clip.Clip;
import io.millrace.playback.clip.NumberedClip;
import io.millrace.playback.clip.TestServer;
import io.millrace.playback.reading.ReadingSettings;
import io.millrace.playback.source.Nanos;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.GetHlsStreamingSessionUrlRequest;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.InvalidCodecPrivateDataException;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.KinesisVideoArchivedMediaException;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.MissingCodecPrivateDataException;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.NoDataRetentionException;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.UnsupportedStreamMediaTypeException;

final class HlsSessionTest {
  private static final String NONE = "No fragments found in the stream for the streaming request.";
  private static TestServer server;
  private static Clip clip;
  private static Instant base;

  @BeforeAll
  static void start() throws Exception {
    // One format, no segment is remembered, and all remuxing goes to worker threads.
    HlsSettings hls = HlsSettings.defaults();
    PlaybackSettings all = TestServer.settings();
    server =
        new TestServer(
            new PlaybackSettings(
                all.getMedia(),
                new HlsSettings(
                    4,
                    hls.formatsPerSession(),
                    1,
                    0,
                    0,
                    hls.liveFreshness(),
                    hls.gapTolerance(),
                    hls.rememberedTimes()),
                all.frames(),
                all.decoders(),
                all.timeline(),
                ReadingSettings.defaults()));
    base = server.now();
    clip = Clip.of(NumberedClip.encode("libx264", 320, 180, 25, 50, "-g", "25"));
    TestServer.append(server.create("cam"), clip.fragments(Nanos.of(server.now())));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static String ask(Consumer<GetHlsStreamingSessionUrlRequest.Builder> change) {
    GetHlsStreamingSessionUrlRequest.Builder request =
        GetHlsStreamingSessionUrlRequest.builder().streamName("cam");
    change.accept(request);
    return server.archived().getHLSStreamingSessionURL(request.build()).hlsStreamingSessionURL();
  }

  private static void invalid(
      Consumer<GetHlsStreamingSessionUrlRequest.Builder> change, String message) {
    assertThatThrownBy(() -> ask(change))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(message);
  }

  private static Consumer<GetHlsStreamingSessionUrlRequest.Builder> range(
      String mode, Long fromSeconds, Long toSeconds) {
    return r ->
        r.playbackMode(mode)
            .hlsFragmentSelector(
                s ->
                    s.fragmentSelectorType("PRODUCER_TIMESTAMP")
                        .timestampRange(
                            t -> {
                              if (fromSeconds != null) {
                                t.startTimestamp(base.plusSeconds(fromSeconds));
                              }
                              if (toSeconds != null) {
                                t.endTimestamp(base.plusSeconds(toSeconds));
                              }
                            }));
  }

  @Test
  void parametersAreChecked() {
    invalid(range("LIVE", 0L, null), "TimestampRange must not be given");
    invalid(range("LIVE_REPLAY", null, 5L), "StartTimestamp is required");
    invalid(range("ON_DEMAND", 0L, null), "EndTimestamp is required");
    invalid(range("ON_DEMAND", 5L, 5L), "must be before");
    invalid(range("ON_DEMAND", 0L, 86_401L), "24 hours");
    assertThat(ask(range("ON_DEMAND", 0L, 86_400L))).contains("SessionToken=");
    invalid(r -> r.playbackMode("ON_DEMAND"), "StartTimestamp is required");
    invalid(r -> r.containerFormat("MPEG_TS"), "MPEG_TS is not served yet");
    invalid(r -> r.expires(299), "xpires");
    invalid(r -> r.expires(43_201), "xpires");
    invalid(r -> r.maxMediaPlaylistFragmentResults(0L), "axMediaPlaylistFragmentResults");
    invalid(r -> r.maxMediaPlaylistFragmentResults(5_001L), "axMediaPlaylistFragmentResults");
    invalid(r -> r.streamARN("arn:aws:kinesisvideo:us-east-1:1:stream/cam/1"), "StreamName");
    invalid(r -> r.streamName(null), "StreamName");
  }

  @Test
  void nothingToPlayIsNotFound() throws Exception {
    server.create("empty");
    assertThatThrownBy(() -> ask(r -> r.streamName("empty")))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageContaining(NONE);
    assertThatThrownBy(() -> ask(range("ON_DEMAND", 100L, 200L)))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageContaining(NONE);
    assertThatThrownBy(() -> ask(r -> r.streamName("nosuch")))
        .isInstanceOf(ResourceNotFoundException.class);
    server.create("unkept", 0);
    assertThatThrownBy(() -> ask(r -> r.streamName("unkept")))
        .isInstanceOf(NoDataRetentionException.class);
  }

  @Test
  void liveNeedsAFragmentOfTheLastThirtySeconds() throws Exception {
    TestServer.append(server.create("stale"), clip.fragments(Nanos.of(server.now())));
    server.advance(31_000);
    assertThat(ask(r -> r.streamName("stale"))).contains("SessionToken=");
    server.advance(1);
    assertThatThrownBy(() -> ask(r -> r.streamName("stale"))).hasMessageContaining(NONE);
    server.advance(-31_001);
  }

  @Test
  void mediaThatCannotBePlayedIsSaidSo() throws Exception {
    Track video = clip.tracks().getFirst();
    byte[] setup = video.codecPrivate().toByteArray();
    store("theora", "V_THEORA", setup);
    assertThatThrownBy(() -> ask(r -> r.streamName("theora")))
        .isInstanceOf(UnsupportedStreamMediaTypeException.class)
        .hasMessageContaining("V_THEORA");
    store("bare", video.codecId(), new byte[0]);
    assertThatThrownBy(() -> ask(r -> r.streamName("bare")))
        .isInstanceOf(MissingCodecPrivateDataException.class)
        .hasMessageContaining("Missing codec private data in fragment for track 1.");
    store("broken", video.codecId(), new byte[] {1, 2, 3});
    assertThatThrownBy(() -> ask(r -> r.streamName("broken")))
        .isInstanceOf(InvalidCodecPrivateDataException.class);
  }

  /** One fragment of a track that declares this setup. */
  private static void store(String name, String codecId, byte[] setup) throws Exception {
    Track track =
        new Track(
            1,
            1,
            Track.TrackType.VIDEO,
            "",
            codecId,
            CodecPrivateData.copyOf(setup),
            0,
            Optional.of(new Track.VideoFormat(320, 180)),
            Optional.empty());
    long start = Nanos.of(server.now());
    ByteBuffer cluster =
        new ClusterWriter(start, 1_000_000, 64)
            .add(1, start, true, ByteBuffer.wrap(new byte[] {0, 0, 0, 2, 9, 16}))
            .finish();
    ByteBuffer payload =
        Clip.concat(List.of(MkvMuxer.header(List.of(track), 1_000_000, "test"), cluster));
    TestServer.append(
        server.create(name), List.of(new Clip.Fragment(start, 40_000_000, 1, 3, payload)));
  }

  @Test
  void tokensExpireAndTheTableIsBounded() throws Exception {
    server.advance(50_000_000);
    TestServer.append(server.create("busy"), clip.fragments(Nanos.of(server.now())));
    String first = ask(r -> r.streamName("busy").expires(300));
    for (int i = 1; i < 4; i++) {
      ask(r -> r.streamName("busy").expires(43_200));
    }
    assertThatThrownBy(() -> ask(r -> r.streamName("busy")))
        .isInstanceOf(KinesisVideoArchivedMediaException.class)
        .hasMessageContaining("Too many streaming sessions: the limit is 4");
    assertThat(server.get(first).statusCode()).isEqualTo(200);
    server.advance(299_999);
    assertThat(server.get(first).statusCode()).isEqualTo(200);
    server.advance(1);
    assertThat(server.get(first).statusCode()).isEqualTo(403);
    assertThat(server.text(first)).contains("Streaming session token is expired");
    assertThat(server.get(first.replaceAll("SessionToken=.*", "SessionToken=x~")).statusCode())
        .isEqualTo(403);
    server.advance(50_000_000);
  }

  @Test
  void aTokenOpensOnlyWhatItsRangeShows() throws Exception {
    var log = server.create("scope");
    long start = Nanos.of(server.now());
    var entries = TestServer.append(log, clip.fragments(start));
    String url =
        ask(
            r -> {
              r.streamName("scope");
              range("ON_DEMAND", 0L, 1L).accept(r);
              r.hlsFragmentSelector(
                  s ->
                      s.fragmentSelectorType("PRODUCER_TIMESTAMP")
                          .timestampRange(
                              t ->
                                  t.startTimestamp(server.now())
                                      .endTimestamp(server.now().plusMillis(500))));
            });
    String token = url.substring(url.indexOf("SessionToken="));
    String path = "/hls/v1/getMP4MediaFragment.mp4?" + token + "&TrackNumber=%d&FragmentNumber=%s";
    assertThat(server.get(path.formatted(1, entries.get(0).number())).statusCode()).isEqualTo(200);
    assertThat(server.get(path.formatted(1, entries.get(0).number())).body())
        .hasSizeGreaterThan(500);
    assertThat(server.get(path.formatted(1, entries.get(1).number())).statusCode()).isEqualTo(404);
    assertThat(server.get(path.formatted(2, entries.get(0).number())).statusCode()).isEqualTo(404);
    assertThat(server.get(path.formatted(3, entries.get(0).number())).statusCode()).isEqualTo(404);
    assertThat(server.get(path.formatted(4, entries.get(0).number())).statusCode()).isEqualTo(400);
    assertThat(server.get(path.formatted(1, "123")).statusCode()).isEqualTo(400);
    assertThat(
            server
                .get("/hls/v1/getMP4InitFragment.mp4?" + token + "&TrackNumber=1&SequenceNumber=1")
                .statusCode())
        .isEqualTo(404);
  }
}
