package io.millrace.playback.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.playback.clip.Clip;
import io.millrace.playback.clip.FfmpegTool;
import io.millrace.playback.clip.NumberedClip;
import io.millrace.playback.clip.TestServer;
import io.millrace.playback.clip.TestTone;
import io.millrace.playback.source.Nanos;
import io.millrace.store.fragment.FragmentLog;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.UnsupportedStreamMediaTypeException;

/** Streams whose sound is not AAC, heard through HLS by ffmpeg. */
final class SoundPlaybackTest {
  private static final int SECONDS = 8;

  private static TestServer server;
  private static Clip video;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer();
    video =
        Clip.of(
            NumberedClip.encode(
                "libx264",
                320,
                180,
                25,
                25 * SECONDS,
                "-g",
                "50",
                "-bf",
                "0",
                "-sc_threshold",
                "0"));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({"pcm_alaw,   8000, 1", "pcm_mulaw, 16000, 1", "pcm_mulaw,  8000, 2"})
  void soundIsHeardWithoutAClickAtItsOwnTime(String codec, int samplingHz, int channels)
      throws Exception {
    hear(codec, samplingHz, channels, 2);
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void opusIsHeardAsAacByThoseWhoAskForIt(int channels) throws Exception {
    String master = hear("libopus", 48_000, channels, 3);
    assertThat(master.indexOf(",opus\"")).as("those who know Opus get it").isPositive();
    assertThat(master.indexOf(",opus\"")).isLessThan(master.indexOf(",mp4a.40.2\""));
    assertThat(master).contains("AUDIO=\"audio\"", "AUDIO=\"aac\"");
  }

  @Test
  void opusAloneIsOfferedAsAac() throws Exception {
    Clip tone = TestTone.of("libopus", 48_000, 2, 2);
    TestServer.append(server.create("opusalone"), tone.fragments(Nanos.of(server.now())));
    String master = server.text(url("opusalone"));
    assertThat(master).contains("CODECS=\"opus\"", "CODECS=\"mp4a.40.2\"").doesNotContain("AUDIO=");
    assertThat(segments(master, 3)).hasSizeGreaterThan(1);
  }

  /** Plays a tone and listens; the master playlist. */
  private static String hear(String codec, int samplingHz, int channels, int track)
      throws Exception {
    Clip clip = video.with(TestTone.of(codec, samplingHz, channels, SECONDS));
    long startNanos = Nanos.of(server.now());
    String name = codec + channels + samplingHz;
    TestServer.append(server.create(name), clip.fragments(startNanos));
    String master = server.text(url(name));
    assertThat(master).contains(",mp4a.40.2");
    List<byte[]> segments = segments(master, track);
    assertThat(segments).as("init and one segment a fragment").hasSize(1 + SECONDS / 2);

    long end = decodeTime(segments.get(1));
    for (byte[] segment : segments.subList(1, segments.size())) {
      assertThat(decodeTime(segment)).as("joins the one before").isEqualTo(end);
      assertThat(end % 1024).isZero();
      end += 1024L * samples(segment);
    }
    float[] heard = decode(segments, samplingHz);
    long startSample = decodeTime(segments.get(1));
    long toneBegins = Math.round(startNanos / 1e9 * samplingHz);
    int lead = (int) (toneBegins - startSample);
    assertThat(lead).as("begins within a frame of the fragment").isBetween(-1024, 1024);
    int skipped = Math.max(0, lead) + samplingHz / 5;
    assertTone(heard, skipped, samplingHz, lead);
    return master;
  }

  /** Every short stretch is the tone in one phase: neither a click nor a shift. */
  private static void assertTone(float[] heard, int from, int samplingHz, int lead) {
    int window = samplingHz / 22;
    double step = 2 * Math.PI * TestTone.HERTZ / samplingHz;
    double firstPhase = Double.NaN;
    for (int at = from; at + window < heard.length - 4096; at += window) {
      double sin = 0;
      double cos = 0;
      double power = 0;
      for (int i = at; i < at + window; i++) {
        sin += heard[i] * Math.sin(step * (i - lead));
        cos += heard[i] * Math.cos(step * (i - lead));
        power += heard[i] * heard[i];
      }
      double tone = 2 * (sin * sin + cos * cos) / window;
      double phase = Math.atan2(cos, sin);
      assertThat(tone / power).as("share of the tone at sample %d", at).isGreaterThan(0.97);
      if (Double.isNaN(firstPhase)) {
        firstPhase = phase;
        assertThat(Math.abs(phase)).as("the tone begins when it was made").isLessThan(0.5);
      }
      assertThat(Math.abs(phase - firstPhase)).as("phase at sample %d", at).isLessThan(0.1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ON_DEMAND", "LIVE_REPLAY"})
  void soundThatCameBeforeThePicturesIsPassedOver(String mode) throws Exception {
    String name = "early" + mode;
    long startNanos = Nanos.of(server.now());
    Clip early = TestTone.of("libopus", 48_000, 2, 1);
    FragmentLog stored = server.create(name);
    TestServer.append(stored, early.fragments(startNanos));
    TestServer.append(stored, early.fragments(startNanos + Nanos.PER_SECOND));
    Clip both = video.with(TestTone.of("libopus", 48_000, 2, SECONDS));
    TestServer.append(stored, both.fragments(startNanos + 2 * Nanos.PER_SECOND));
    String master = server.text(url(name, mode));
    assertThat(master).contains("CODECS=\"avc1");
    assertThat(segments(master, 2)).as("init and those with pictures").hasSize(1 + SECONDS / 2);
  }

  @Test
  void soundOfAnUnknownCodecIsLeftOut() throws Exception {
    Clip clip = video.with(TestTone.of("mp2", 48_000, 2, SECONDS));
    TestServer.append(server.create("mp2"), clip.fragments(Nanos.of(server.now())));
    String master = server.text(url("mp2"));
    assertThat(master).contains("avc1").doesNotContain("AUDIO");
  }

  @Test
  void unknownSoundAloneIsRefused() throws Exception {
    Clip tone = TestTone.of("mp2", 48_000, 2, 2);
    TestServer.append(server.create("mp2alone"), tone.fragments(Nanos.of(server.now())));
    assertThatThrownBy(() -> url("mp2alone"))
        .isInstanceOf(UnsupportedStreamMediaTypeException.class);
  }

  private static String url(String name) {
    return url(name, "ON_DEMAND");
  }

  private static String url(String name, String mode) {
    return server
        .archived()
        .getHLSStreamingSessionURL(
            r ->
                r.streamName(name)
                    .playbackMode(mode)
                    .discontinuityMode("NEVER")
                    .hlsFragmentSelector(
                        s ->
                            s.fragmentSelectorType("PRODUCER_TIMESTAMP")
                                .timestampRange(
                                    range ->
                                        range
                                            .startTimestamp(server.now())
                                            .endTimestamp(server.now().plusSeconds(60)))))
        .hlsStreamingSessionURL();
  }

  /** Init segment and media segments of the sound. */
  private static List<byte[]> segments(String master, int track) throws Exception {
    Matcher media =
        Pattern.compile("getHLSMediaPlaylist\\.m3u8\\?[^\"\\n]*TrackNumber=" + track)
            .matcher(master);
    assertThat(media.find()).as(master).isTrue();
    String playlist = server.text("/hls/v1/" + media.group());
    Matcher init = Pattern.compile("URI=\"(getMP4Init[^\"]*)\"").matcher(playlist);
    assertThat(init.find()).as(playlist).isTrue();
    List<byte[]> found = new ArrayList<>();
    found.add(body(init.group(1)));
    for (String line : playlist.lines().toList()) {
      if (line.startsWith("getMP4MediaFragment")) {
        found.add(body(line));
      }
    }
    return found;
  }

  private static byte[] body(String uri) throws Exception {
    var answer = server.get("/hls/v1/" + uri);
    assertThat(answer.statusCode())
        .as(new String(answer.body(), 0, Math.min(80, answer.body().length)))
        .isEqualTo(200);
    return answer.body();
  }

  /** From the box tfdt. */
  private static long decodeTime(byte[] segment) {
    return ByteBuffer.wrap(segment).getLong(behind(segment, 0x74666474));
  }

  /** From the box trun. */
  private static int samples(byte[] segment) {
    return ByteBuffer.wrap(segment).getInt(behind(segment, 0x7472756e));
  }

  /** Where the content of a full box of this name begins. */
  private static int behind(byte[] segment, int box) {
    ByteBuffer in = ByteBuffer.wrap(segment);
    for (int i = 0; i < in.limit() - 16; i++) {
      if (in.getInt(i) == box) {
        return i + 8;
      }
    }
    throw new AssertionError("no such box");
  }

  private static float[] decode(List<byte[]> segments, int samplingHz) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    segments.forEach(file::writeBytes);
    FfmpegTool.Result decoded =
        FfmpegTool.run(
            "ffmpeg",
            out -> out.write(file.toByteArray()),
            "-v",
            "error",
            "-i",
            "-",
            "-af",
            "pan=mono|c0=c0",
            "-ar",
            Integer.toString(samplingHz),
            "-f",
            "f32le",
            "-");
    assertThat(decoded.errors()).isEmpty();
    FloatBuffer samples =
        ByteBuffer.wrap(decoded.output()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] heard = new float[samples.remaining()];
    samples.get(heard);
    return heard;
  }
}
