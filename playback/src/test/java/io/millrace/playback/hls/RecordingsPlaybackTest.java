package io.millrace.playback.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.playback.clip.Clip;
import io.millrace.playback.clip.FfmpegTool;
import io.millrace.playback.clip.TestServer;
import io.millrace.playback.source.Nanos;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.tests.fixtures.Recordings;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
        "H265_AAC"
      })
  void decodesToTheSamePictures(Recordings recording) throws Exception {
    String name = recording.name();
    Clip clip = Clip.ofFile(recording.bytes());
    List<FragmentEntry> stored =
        TestServer.append(server.create(name), clip.fragments(Nanos.of(server.now())));
    String url =
        server
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
    FfmpegTool.Result played =
        FfmpegTool.run(
            "ffmpeg",
            out -> {},
            "-v",
            "error",
            "-i",
            url,
            "-map",
            "0:v",
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
            "0:v",
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
}
