package io.millrace.playback.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.playback.clip.Clip;
import io.millrace.playback.clip.FfmpegTool;
import io.millrace.playback.clip.TestServer;
import io.millrace.playback.source.Nanos;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.tests.fixtures.Recordings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.UnsupportedStreamMediaTypeException;

/** What real producers sent, stored, played by ffmpeg and looked at as pictures. */
final class RecordingsPlaybackTest {
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = Recordings.class,
      names = {
        "KVSSINK_720P_BFRAMES",
        "KVSSINK_360P_AAC",
        "KVSSINK_444_10BIT",
        "PRODUCER_C_RELATIVE",
        "CLUSTERS",
        "H264_OPEN_GOP",
        "H264_VARIABLE_RATE",
        "H264_AAC_LIVE",
        "H264_OPUS",
        "H265_AAC",
        "VP9",
        "AV1"
      })
  void decodesToTheSamePictures(Recordings recording) throws Exception {
    String name = recording.name();
    Clip clip = Clip.ofFile(recording.bytes());
    List<FragmentEntry> stored =
        TestServer.append(server.create(name), clip.fragments(Nanos.of(server.now())));
    String url = url(name);
    FfmpegTool.Result played =
        FfmpegTool.run(
            "ffmpeg",
            out -> {},
            "-v",
            "error",
            "-i",
            url,
            "-map",
            "0:v:0",
            "-fps_mode",
            "passthrough",
            "-f",
            "framemd5",
            "-");
    FfmpegTool.Result source =
        FfmpegTool.run(
            "ffmpeg",
            out -> out.write(clip.file()),
            "-v",
            "error",
            "-i",
            "-",
            "-map",
            "0:v:0",
            "-fps_mode",
            "passthrough",
            "-f",
            "framemd5",
            "-");
    assertThat(played.errors()).isEqualTo(source.errors());
    assertThat(HlsPlaybackTest.hashes(played))
        .isNotEmpty()
        .isEqualTo(HlsPlaybackTest.hashes(source));

    FragmentEntry last = stored.getLast();
    long middle = last.producerTimeNanos() + last.durationNanos() / 2;
    var picture =
        server.get("/v1/streams/%s/frame.jpg?at=%s".formatted(name, Nanos.toInstant(middle)));
    assertThat(picture.statusCode()).as(new String(picture.body())).isEqualTo(200);
  }

  private static String url(String name) throws Exception {
    return server
        .archived()
        .getHLSStreamingSessionURL(
            r ->
                r.streamName(name)
                    .playbackMode("ON_DEMAND")
                    .hlsFragmentSelector(
                        s ->
                            s.fragmentSelectorType("PRODUCER_TIMESTAMP")
                                .timestampRange(
                                    t ->
                                        t.startTimestamp(server.now())
                                            .endTimestamp(server.now().plusSeconds(3600)))))
        .hlsStreamingSessionURL();
  }

  @Test
  void vp8GivesFramesAndARefusalOfHls() throws Exception {
    Clip clip = Clip.ofFile(Recordings.VP8.bytes());
    List<FragmentEntry> stored =
        TestServer.append(server.create("vp8"), clip.fragments(Nanos.of(server.now())));
    assertThatThrownBy(() -> url("vp8"))
        .isInstanceOf(UnsupportedStreamMediaTypeException.class)
        .hasMessageContaining("V_VP8");
    var picture =
        server.get(
            "/v1/streams/vp8/frame.jpg?at="
                + Nanos.toInstant(stored.getLast().producerTimeNanos() + 300_000_000));
    assertThat(picture.statusCode()).as(new String(picture.body())).isEqualTo(200);
  }

  @Test
  void opusIsPlayedAsItIs() throws Exception {
    Clip clip = Clip.ofFile(Recordings.H264_OPUS.bytes());
    TestServer.append(server.create("opus"), clip.fragments(Nanos.of(server.now())));
    String url = url("opus");
    String[] sound = {"-map", "0:a:0", "-c", "copy", "-f", "md5", "-"};
    FfmpegTool.Result played = ffmpeg(null, url, sound);
    assertThat(played.errors()).isEmpty();
    assertThat(new String(played.output(), StandardCharsets.UTF_8))
        .startsWith("MD5=")
        .isEqualTo(new String(ffmpeg(clip.file(), "-", sound).output(), StandardCharsets.UTF_8));
    FfmpegTool.Result decoded = ffmpeg(null, url, "-map", "0:a:0", "-f", "framemd5", "-");
    assertThat(decoded.errors()).isEmpty();
    assertThat(HlsPlaybackTest.hashes(decoded)).hasSizeGreaterThan(70);
  }

  /** Nobody here decodes it; its stream is played without it. */
  @Test
  void soundThatPlayersDoNotKnowIsLeftOutBesideVideo() throws Exception {
    byte[] mixed =
        ffmpeg(
                Clip.ofFile(Recordings.H264_OPUS.bytes()).file(),
                "-",
                "-c:v",
                "copy",
                "-c:a",
                "mp2",
                "-f",
                "matroska",
                "-")
            .output();
    Clip clip = Clip.ofFile(mixed);
    TestServer.append(server.create("mp2"), clip.fragments(Nanos.of(server.now())));
    String url = url("mp2");
    String[] pictures = {"-map", "0", "-fps_mode", "passthrough", "-f", "framemd5", "-"};
    String[] ofVideo = pictures.clone();
    ofVideo[1] = "0:v";
    FfmpegTool.Result played = ffmpeg(null, url, pictures);
    assertThat(played.errors()).isEmpty();
    assertThat(HlsPlaybackTest.hashes(played))
        .isNotEmpty()
        .isEqualTo(HlsPlaybackTest.hashes(ffmpeg(clip.file(), "-", ofVideo)));
  }

  private static FfmpegTool.Result ffmpeg(byte @Nullable [] input, String from, String... how)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of("-v", "error", "-i", from));
    arguments.addAll(List.of(how));
    return FfmpegTool.run(
        "ffmpeg",
        out -> {
          if (input != null) {
            out.write(input);
          }
        },
        arguments.toArray(String[]::new));
  }
}
