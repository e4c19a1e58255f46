package io.millrace.playback.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.playback.clip.Clip;
import io.millrace.playback.clip.FfmpegTool;
import io.millrace.playback.clip.NumberedClip;
import io.millrace.playback.clip.TestServer;
import io.millrace.playback.source.Nanos;
import io.millrace.store.fragment.FragmentLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.GetHlsStreamingSessionUrlRequest;

/** Whole sessions through a real listener, judged by ffmpeg and ffprobe. */
final class HlsPlaybackTest {
  private static TestServer server;
  private static Clip clip;
  private static Clip h265;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer();
    clip =
        Clip.of(
                NumberedClip.encode(
                    "libx264",
                    320,
                    180,
                    25,
                    150,
                    "-g",
                    "50",
                    "-bf",
                    "3",
                    "-b_strategy",
                    "0",
                    "-sc_threshold",
                    "0"))
            .withTone(6);
    h265 =
        Clip.of(
            NumberedClip.encode(
                "libx265",
                320,
                180,
                25,
                100,
                "-g",
                "50",
                "-x265-params",
                "log-level=0:open-gop=0:scenecut=0"));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void onDemandH264WithSoundDecodesToTheSamePictures() throws Exception {
    String url = stored("h264", clip);
    FfmpegTool.Result video = ffmpeg(url, "0:v");
    assertThat(video.errors()).isEmpty();
    assertThat(hashes(video)).hasSize(150).isEqualTo(hashes(fromFile(clip, "0:v")));
    FfmpegTool.Result audio = ffmpeg(url, "0:a");
    assertThat(audio.errors()).isEmpty();
    assertThat(hashes(audio)).hasSizeGreaterThan(270).isEqualTo(hashes(fromFile(clip, "0:a")));
  }

  @Test
  void onDemandH265DecodesToTheSamePictures() throws Exception {
    String url = stored("h265", h265);
    FfmpegTool.Result video = ffmpeg(url, "0:v");
    assertThat(video.errors()).isEmpty();
    assertThat(hashes(video)).hasSize(100).isEqualTo(hashes(fromFile(h265, "0:v")));
  }

  @Test
  void soundAndPicturesKeepOneSteadyTimeline() throws Exception {
    String url = stored("timeline", clip);
    List<Double> video = packetTimes(url, "v");
    assertThat(video).hasSize(150);
    List<Double> sorted = video.stream().sorted().toList();
    for (int i = 1; i < sorted.size(); i++) {
      assertThat(sorted.get(i) - sorted.get(i - 1)).isBetween(0.0399, 0.0401);
    }
    List<Double> audio = packetTimes(url, "a");
    for (int i = 1; i < audio.size(); i++) {
      assertThat(audio.get(i) - audio.get(i - 1)).isBetween(0.0203, 0.0224);
    }
    for (int i = 0; i < 3; i++) {
      double start = Nanos.of(server.now()) / 1e9 + 2 * i;
      assertThat(decodeTime(segments(media(url, 1)).get(i)) / 90_000.0)
          .isBetween(start - 1e-5, start + 1e-5);
      assertThat(decodeTime(segments(media(url, 2)).get(i)) / 48_000.0)
          .as("sound starts within one of its frames of the pictures")
          .isBetween(start - 0.0214, start + 0.0214);
    }
  }

  /** The first decode time in a media segment. */
  private static long decodeTime(String uri) throws Exception {
    ByteBuffer segment = ByteBuffer.wrap(server.get("/hls/v1/" + uri).body());
    for (int i = 0; i < segment.limit() - 16; i++) {
      if (segment.getInt(i) == 0x74666474) {
        return segment.getLong(i + 8);
      }
    }
    throw new AssertionError("no tfdt");
  }

  private static List<Double> packetTimes(String url, String kind) {
    FfmpegTool.Result probed =
        FfmpegTool.run(
            "ffprobe",
            out -> {},
            "-v",
            "error",
            "-select_streams",
            kind,
            "-show_entries",
            "packet=pts_time",
            "-of",
            "csv=p=0",
            url);
    assertThat(probed.errors()).isEmpty();
    return probed.text().lines().map(line -> Double.parseDouble(line.replace(",", ""))).toList();
  }

  @Test
  void masterPlaylistTellsWhatTheDataSays() throws Exception {
    String master = server.text(stored("master", clip));
    assertThat(master)
        .startsWith("#EXTM3U\n#EXT-X-VERSION:1\n")
        .containsPattern("CODECS=\"avc1\\.[0-9a-f]{6},mp4a\\.40\\.2\"")
        .contains("RESOLUTION=320x180", "FRAME-RATE=25.000", "TYPE=AUDIO", "AUDIO=\"audio\"");
    Matcher bandwidth = Pattern.compile("BANDWIDTH=([0-9]+)").matcher(master);
    assertThat(bandwidth.find()).isTrue();
    int peak =
        clip.fragments(0).stream().mapToInt(f -> f.payload().remaining() * 8 / 2).max().orElse(0);
    assertThat(Integer.parseInt(bandwidth.group(1))).isBetween(peak * 9 / 10, peak * 11 / 10);
  }

  @Test
  void aChangeOfFormatGetsItsOwnInitSegmentAndDiscontinuity() throws Exception {
    FragmentLog log = server.create("change");
    long start = Nanos.of(server.now());
    Clip other =
        Clip.of(
                NumberedClip.encode(
                    "libx264", 480, 270, 25, 50, "-g", "50", "-bf", "0", "-sc_threshold", "0"))
            .withTone(2);
    TestServer.append(log, clip.fragments(start));
    TestServer.append(log, other.fragments(start + 6 * Clip.SECOND));
    TestServer.append(log, clip.fragments(start + 8 * Clip.SECOND));
    String playlist = media(onDemand("change").hlsStreamingSessionURL(), 1);
    assertThat(playlist.split("#EXT-X-MAP", -1)).hasSize(4);
    assertThat(playlist.split("#EXT-X-DISCONTINUITY\n", -1)).hasSize(3);
    assertThat(playlist)
        .contains("SequenceNumber=0", "SequenceNumber=1")
        .doesNotContain("SequenceNumber=2")
        .endsWith("#EXT-X-ENDLIST\n");
  }

  @Test
  void liveFollowsTheNewestFragmentWithStableNumbers() throws Exception {
    FragmentLog log = server.create("live");
    long start = Nanos.of(server.now());
    List<Clip.Fragment> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.addAll(clip.fragments(start + 6L * i * Clip.SECOND));
    }
    TestServer.append(log, all.subList(0, 4));
    String url = session(GetHlsStreamingSessionUrlRequest.builder().streamName("live").build());
    String first = media(url, 1);
    assertThat(first).contains("#EXT-X-MEDIA-SEQUENCE:0\n").doesNotContain("ENDLIST");
    assertThat(segments(first)).hasSize(4);
    TestServer.append(log, all.subList(4, 8));
    String second = media(url, 1);
    assertThat(second).contains("#EXT-X-MEDIA-SEQUENCE:3\n");
    assertThat(segments(second)).hasSize(5);
    assertThat(segments(second).getFirst()).isEqualTo(segments(first).get(3));
    assertThat(media(url, 1)).isEqualTo(second);
    List<String> sound = segments(media(url, 2));
    assertThat(sound).hasSize(5);
    assertThat(sound.getFirst().replace("TrackNumber=2", "TrackNumber=1"))
        .isEqualTo(segments(second).getFirst());
    assertThat(server.get("/hls/v1/" + segments(second).getLast()).statusCode()).isEqualTo(200);
  }

  @Test
  void replayAddsAFragmentWhenOneHasBeenPlayed() throws Exception {
    FragmentLog log = server.create("replay");
    long start = Nanos.of(server.now());
    for (int i = 0; i < 4; i++) {
      TestServer.append(log, clip.fragments(start + 6L * i * Clip.SECOND));
    }
    String url =
        session(
            GetHlsStreamingSessionUrlRequest.builder()
                .streamName("replay")
                .playbackMode("LIVE_REPLAY")
                .hlsFragmentSelector(
                    s ->
                        s.fragmentSelectorType("PRODUCER_TIMESTAMP")
                            .timestampRange(r -> r.startTimestamp(server.now().plusSeconds(2))))
                .maxMediaPlaylistFragmentResults(3L)
                .build());
    String first = media(url, 1);
    assertThat(segments(first)).hasSize(3);
    server.advance(1_900);
    assertThat(media(url, 1)).isEqualTo(first);
    server.advance(200);
    String second = media(url, 1);
    assertThat(second).contains("#EXT-X-MEDIA-SEQUENCE:1\n");
    assertThat(segments(second).subList(0, 2)).isEqualTo(segments(first).subList(1, 3));
    server.advance(6_000);
    assertThat(media(url, 1)).contains("#EXT-X-MEDIA-SEQUENCE:4\n");
  }

  @Test
  void aRepeatedProducerTimeIsPlayedOnceFromTheLargerNumber() throws Exception {
    FragmentLog log = server.create("twice");
    long start = Nanos.of(server.now());
    TestServer.append(log, clip.fragments(start));
    String again = TestServer.append(log, clip.fragments(start)).get(1).number().toString();
    List<String> listed = segments(media(onDemand("twice").hlsStreamingSessionURL(), 1));
    assertThat(listed).hasSize(3);
    assertThat(listed.get(1)).contains(again);
  }

  @Test
  void aGapIsADiscontinuityAndTimesAreShown() throws Exception {
    FragmentLog log = server.create("gap");
    long start = Nanos.of(server.now());
    TestServer.append(log, clip.fragments(start));
    TestServer.append(log, clip.fragments(start + 6 * Clip.SECOND + 60_000_000));
    TestServer.append(log, clip.fragments(start + 12 * Clip.SECOND + 110_000_000));
    String url =
        server
            .archived()
            .getHLSStreamingSessionURL(
                range("gap")
                    .discontinuityMode("ON_DISCONTINUITY")
                    .displayFragmentTimestamp("ALWAYS")
                    .build())
            .hlsStreamingSessionURL();
    String playlist = media(url, 1);
    assertThat(playlist.split("#EXT-X-DISCONTINUITY\n", -1))
        .as("60 ms is one, 50 ms is none")
        .hasSize(2);
    assertThat(playlist)
        .contains("#EXT-X-PROGRAM-DATE-TIME:" + server.now().toString().replace("Z", ".000Z"));
  }

  @Test
  void segmentsAreBuiltOnceAndCachedForEver() throws Exception {
    String url = stored("cached", clip);
    String segment = segments(media(url, 1)).getFirst();
    long built = server.playback.metrics().hls().segmentsBuilt.sum();
    byte[] first = server.get("/hls/v1/" + segment).body();
    var again = server.get("/hls/v1/" + segment);
    assertThat(again.body()).isEqualTo(first);
    assertThat(again.headers().firstValue("cache-control").orElseThrow()).contains("immutable");
    assertThat(again.headers().firstValue("access-control-allow-origin")).isPresent();
    assertThat(server.playback.metrics().hls().segmentsBuilt.sum()).isEqualTo(built + 1);
  }

  private static String stored(String name, Clip media) throws Exception {
    FragmentLog log = server.create(name);
    TestServer.append(log, media.fragments(Nanos.of(server.now())));
    return onDemand(name).hlsStreamingSessionURL();
  }

  private static GetHlsStreamingSessionUrlRequest.Builder range(String name) {
    return GetHlsStreamingSessionUrlRequest.builder()
        .streamName(name)
        .playbackMode("ON_DEMAND")
        .hlsFragmentSelector(
            s ->
                s.fragmentSelectorType("PRODUCER_TIMESTAMP")
                    .timestampRange(
                        r ->
                            r.startTimestamp(server.now())
                                .endTimestamp(server.now().plusSeconds(3600))));
  }

  private static software.amazon.awssdk.services.kinesisvideoarchivedmedia.model
          .GetHlsStreamingSessionUrlResponse
      onDemand(String name) {
    return server.archived().getHLSStreamingSessionURL(range(name).build());
  }

  private static String session(GetHlsStreamingSessionUrlRequest request) {
    return server.archived().getHLSStreamingSessionURL(request).hlsStreamingSessionURL();
  }

  private static String media(String masterUrl, int track) throws Exception {
    String master = server.text(masterUrl);
    Matcher uri =
        Pattern.compile("getHLSMediaPlaylist\\.m3u8\\?[^\"\\n]*TrackNumber=" + track)
            .matcher(master);
    assertThat(uri.find()).as(master).isTrue();
    return server.text("/hls/v1/" + uri.group());
  }

  private static List<String> segments(String playlist) {
    return playlist.lines().filter(line -> line.startsWith("getMP4MediaFragment")).toList();
  }

  private static FfmpegTool.Result ffmpeg(String url, String map) {
    return FfmpegTool.run(
        "ffmpeg",
        out -> {},
        "-v",
        "warning",
        "-xerror",
        "-i",
        url,
        "-map",
        map,
        "-fps_mode",
        "passthrough",
        "-f",
        "framemd5",
        "-");
  }

  private static FfmpegTool.Result fromFile(Clip media, String map) {
    return FfmpegTool.run(
        "ffmpeg",
        out -> out.write(media.file()),
        "-v",
        "error",
        "-i",
        "-",
        "-map",
        map,
        "-fps_mode",
        "passthrough",
        "-f",
        "framemd5",
        "-");
  }

  static List<String> hashes(FfmpegTool.Result result) {
    return result
        .text()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.substring(line.lastIndexOf(',') + 1).strip())
        .toList();
  }
}
