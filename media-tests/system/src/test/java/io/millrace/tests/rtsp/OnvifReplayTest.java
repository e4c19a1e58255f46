package io.millrace.tests.rtsp;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.tests.client.RtspTalk;
import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A video management system reads the past as ONVIF has it (Streaming Specification section 6):
 * every packet tells its frame's capture time.
 */
class OnvifReplayTest {
  private static final int CLIP_SECONDS = 4;
  private static final int FRAMES_PER_SECOND = 25;
  private static final int BYE_OF_ONE = 0x81cb0001;
  private static final int REPLAY_PROFILE = 0xabac;
  private static final long NTP_OF_UNIX_EPOCH = 2_208_988_800L;
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  @TempDir static Path folder;
  private static ServerProcess server;
  private static List<Instant> starts;

  @BeforeAll
  static void start() {
    server = ServerProcess.start(folder.resolve("data"));
    Path clip = CameraSample.h264(folder.resolve("clip.mkv"), CLIP_SECONDS);
    Programs.run(
            "ffmpeg",
            "-nostdin",
            "-v",
            "error",
            "-re",
            "-i",
            clip.toString(),
            "-an",
            "-c",
            "copy",
            "-f",
            "rtsp",
            "-rtsp_transport",
            "tcp",
            server.rtsp() + "/live/past")
        .orThrow();
    StoredMedia stored = new StoredMedia(server, "past");
    await().atMost(10, SECONDS).until(() -> stored.fragments() >= CLIP_SECONDS);
    starts = stored.starts();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** What a packet with the extension says. */
  private record Told(Instant capture, boolean clean, boolean discontinuity, boolean marker) {
    static Told of(byte[] packet) {
      ByteBuffer in = ByteBuffer.wrap(packet);
      assertThat(in.get(0) & 0x10).as("the extension bit").isNotZero();
      assertThat(in.getShort(12) & 0xffff).isEqualTo(REPLAY_PROFILE);
      assertThat(in.getShort(14)).as("words").isEqualTo((short) 3);
      long seconds = (in.getInt(16) & 0xffffffffL) - NTP_OF_UNIX_EPOCH;
      long nanos = (in.getInt(20) & 0xffffffffL) * 1_000_000_000L >>> 32;
      int flags = in.get(24);
      return new Told(
          Instant.ofEpochSecond(seconds, nanos),
          (flags & 0x80) != 0,
          (flags & 0x20) != 0,
          (in.get(1) & 0x80) != 0);
    }
  }

  @Test
  void everyPacketTellsItsTimeAndNothingPacesTheReader() throws IOException {
    String url = server.rtsp() + "/replay/past";
    long beganNanos = System.nanoTime();
    try (RtspTalk talk = new RtspTalk(URI.create(url))) {
      String sdp = talk.ask("DESCRIBE", url, "Accept: application/sdp\r\n", "").orThrow().body();
      String track = sdp.replaceFirst("(?s).*m=video.*?a=control:(\\S+).*", "$1");
      String session =
          talk.ask(
                  "SETUP",
                  url + "/" + track,
                  "Require: onvif-replay\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n",
                  "")
              .orThrow()
              .session();
      Instant from = starts.get(1);
      talk.ask(
              "PLAY",
              url + "/",
              session
                  + "Require: onvif-replay\r\nRate-Control: no\r\nRange: clock="
                  + CLOCK.format(from)
                  + "-\r\n",
              "")
          .orThrow();
      List<Told> frames = frames(talk, (CLIP_SECONDS - 1) * FRAMES_PER_SECOND);
      assertThat(Duration.ofNanos(System.nanoTime() - beganNanos))
          .as("as fast as it is read")
          .isLessThan(Duration.ofSeconds(CLIP_SECONDS - 1));
      assertThat(frames.getFirst().clean).as("begins with a keyframe").isTrue();
      assertThat(frames).noneMatch(Told::discontinuity);
      // B-frames come behind the pictures they are shown before.
      List<Instant> captures = frames.stream().map(Told::capture).sorted().toList();
      for (int i = 0; i < captures.size(); i++) {
        Duration due = Duration.ofMillis(1000L * i / FRAMES_PER_SECOND);
        assertThat(Duration.between(from.plus(due), captures.get(i)).abs())
            .as("frame " + i)
            .isLessThan(Duration.ofMillis(5));
      }
      assertThat(frames.stream().filter(Told::clean).map(Told::capture).toList())
          .as("keyframes begin the fragments")
          .hasSize(CLIP_SECONDS - 1);
    }
  }

  @Test
  void aReaderThatLeavesHearsAGoodbye() throws IOException {
    String url = server.rtsp() + "/replay/past";
    try (RtspTalk talk = new RtspTalk(URI.create(url))) {
      String sdp = talk.ask("DESCRIBE", url, "Accept: application/sdp\r\n", "").orThrow().body();
      String track = sdp.replaceFirst("(?s).*m=video.*?a=control:(\\S+).*", "$1");
      String session =
          talk.ask(
                  "SETUP",
                  url + "/" + track,
                  "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n",
                  "")
              .orThrow()
              .session();
      talk.ask("PLAY", url + "/", session, "").orThrow();
      int source = ByteBuffer.wrap(talk.packet().data()).getInt(8);
      talk.ask("TEARDOWN", url + "/", session, "").orThrow();
      // Reports that came before have no good-bye; without any, the wait for a packet ends.
      ByteBuffer end = lastWords(talk.packet());
      while (end.getInt(0) != BYE_OF_ONE) {
        end = lastWords(talk.packet());
      }
      assertThat(end.getInt(4)).isEqualTo(source);
    }
  }

  /** The last eight bytes of a report; zeros for media. */
  private static ByteBuffer lastWords(RtspTalk.Packet packet) {
    ByteBuffer compound = ByteBuffer.wrap(packet.data());
    return packet.channel() == 0
        ? ByteBuffer.allocate(8)
        : compound.position(compound.limit() - 8).slice();
  }

  private static List<Told> frames(RtspTalk talk, int count) throws IOException {
    List<Told> frames = new ArrayList<>();
    while (frames.size() < count) {
      RtspTalk.Packet packet = talk.packet();
      if (packet.channel() == 0) {
        Told told = Told.of(packet.data());
        if (told.marker) {
          frames.add(told);
        }
      }
    }
    return frames;
  }

  @Test
  void anUnknownFeatureIsRefusedByName() throws IOException {
    String url = server.rtsp() + "/replay/past";
    try (RtspTalk talk = new RtspTalk(URI.create(url))) {
      RtspTalk.Answer answer = talk.ask("DESCRIBE", url, "Require: time-travel\r\n", "");
      assertThat(answer.status()).startsWith("RTSP/1.0 551");
      assertThat(answer.headers()).containsEntry("Unsupported", "time-travel");
    }
  }
}
