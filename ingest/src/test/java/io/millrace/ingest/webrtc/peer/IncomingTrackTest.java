package io.millrace.ingest.webrtc.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.ingest.rtp.packet.NtpTime;
import io.millrace.ingest.rtp.packet.RtcpPacket;
import io.millrace.ingest.rtp.packet.RtpPacket;
import io.millrace.ingest.rtp.payload.RtpFormat;
import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import io.millrace.ingest.webrtc.negotiation.MediaPlan;
import io.millrace.media.track.ClockSource;
import io.millrace.media.track.Track;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What comes of a browser's packets, and what it is asked for. */
class IncomingTrackTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
  private static final long MILLIS = 1_000_000;
  private static final long FRAME_MILLIS = 40;
  private static final int SOURCE = 77;
  private static final int OURS = 5;
  private static final String KEY = "6588";
  private static final String OTHER = "419a";

  /** Keeps what it is given, as text. */
  private static final class KeptFeed implements Feed {
    final List<String> events = new ArrayList<>();
    final List<CaptureTime> times = new ArrayList<>();

    @Override
    public void track(Track track) {
      events.add("track " + track.codecId());
    }

    @Override
    public void frame(int trackNumber, CaptureTime time, boolean keyframe, ByteBuffer data) {
      times.add(time);
      events.add(keyframe ? "key" : "frame");
    }

    @Override
    public void lost(int trackNumber, long from, long to, int packets, String reason) {
      events.add("lost %d for %d ms".formatted(packets, Math.round((to - from) / 1e6)));
    }

    @Override
    public void end(End reason) {
      events.add("end");
    }

    @Override
    public boolean isBehind() {
      return false;
    }
  }

  private final KeptFeed feed = new KeptFeed();
  private final WebRtcMetrics metrics = new WebRtcMetrics();
  private long nowNanos = 1_000 * MILLIS;
  private final IncomingTrack track =
      new IncomingTrack(
          new MediaPlan(
              "0",
              "video",
              new RtpFormat(96, "H264", 90_000, 0, Map.of()),
              OptionalInt.of(97),
              true,
              true,
              false,
              true,
              Map.of(),
              List.of(),
              0,
              false),
          1,
          OURS,
          feed,
          PeerSettings.defaults(),
          () -> START.plus(Duration.ofNanos(nowNanos)),
          metrics);

  /** One frame a packet, each 40 ms after the one before, by number. */
  private static RtpPacket packet(int source, int number, String payload) {
    ByteBuffer none = ByteBuffer.allocate(0);
    return new RtpPacket(
        true,
        96,
        number & 0xffff,
        number * FRAME_MILLIS * 90,
        source,
        -1,
        none,
        ByteBuffer.wrap(HexFormat.of().parseHex(payload)));
  }

  private void send(int source, int number, String payload, boolean again) {
    track.packet(packet(source, number, payload), nowNanos, again);
  }

  private void frame(int number) {
    nowNanos += FRAME_MILLIS * MILLIS;
    send(SOURCE, number, number % 10 == 0 ? KEY : OTHER, false);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void aKeyframeIsAskedForAtTheStartAndAfterALoss() {
    assertThat(track.keyframeRequest(nowNanos)).as("before there is a source").isEmpty();
    frame(9);
    assertThat(hex(track.keyframeRequest(nowNanos)))
        .isEqualTo("81ce0002" + "00000005" + "0000004d");
    assertThat(track.keyframeRequest(nowNanos + MILLIS)).as("not twice at once").isEmpty();
    frame(10);
    frame(11);
    nowNanos += 500 * MILLIS;
    assertThat(track.keyframeRequest(nowNanos)).isEmpty();
    frame(13);
    nowNanos += 500 * MILLIS;
    track.expire(nowNanos);
    assertThat(track.keyframeRequest(nowNanos)).isNotEmpty();
    assertThat(feed.events)
        .containsExactly(
            "track V_MPEG4/ISO/AVC", "frame", "key", "frame", "lost 1 for 40 ms", "frame");
    assertThat(metrics.keyframeRequests.sum()).isEqualTo(2);
  }

  @Test
  void whatIsMissingIsAskedForAndPutInItsPlace() {
    frame(10);
    frame(12);
    frame(13);
    assertThat(hex(track.nack(nowNanos)))
        .isEqualTo("81cd0003" + "00000005" + "0000004d" + "000b0000");
    assertThat(track.nack(nowNanos + 10 * MILLIS)).isEmpty();
    nowNanos += 100 * MILLIS;
    assertThat(track.nack(nowNanos)).as("the answer may be lost too").isNotEmpty();
    send(SOURCE, 11, OTHER, true);
    assertThat(track.nack(nowNanos + 100 * MILLIS)).isEmpty();
    assertThat(feed.events)
        .containsExactly("track V_MPEG4/ISO/AVC", "key", "frame", "frame", "frame");
    track.report(nowNanos);
    assertThat(track.lossFraction()).isZero();
  }

  @Test
  void reportsCountWhatIsMissing() {
    assertThat(track.report(nowNanos)).isEmpty();
    for (int number = 10; number < 26; number++) {
      if (number % 4 != 1) {
        frame(number);
      }
    }
    assertThat(hex(track.report(nowNanos)))
        .startsWith("81c90007" + "00000005" + "0000004d" + "33000003" + "00010018");
    assertThat(track.lossFraction()).isEqualTo(0x33 / 256.0);
  }

  private void senderReport(int number, Instant captured) {
    long ntp =
        NtpTime.ofEpochNanos(captured.getEpochSecond() * 1_000_000_000L + captured.getNano());
    track.control(
        RtcpPacket.write(
            List.of(
                new RtcpPacket.SenderReport(
                    SOURCE, ntp, number * FRAME_MILLIS * 90, 1, 1, List.of()))),
        nowNanos);
  }

  @Test
  void aReportOfAnotherTimeThanThatOfTheMediaIsNotBelieved() {
    frame(10);
    Instant captured = START.plus(Duration.ofNanos(nowNanos));
    int tenSeconds = (int) (10_000 / FRAME_MILLIS);
    senderReport(10 + tenSeconds + 1, captured);
    senderReport(10 - tenSeconds - 1, captured);
    frame(11);
    assertThat(feed.times.getLast().source()).isEqualTo(ClockSource.SERVER);
    assertThat(metrics.misleadingReports.sum()).isEqualTo(2);
    senderReport(11 + tenSeconds, captured);
    frame(12);
    assertThat(feed.times.getLast().source()).as("at the limit").isEqualTo(ClockSource.CAMERA_NTP);
    assertThat(metrics.misleadingReports.sum()).isEqualTo(2);
  }

  @Test
  void theSendersClockCountsWhereItIsTold() {
    frame(10);
    CaptureTime first = feed.times.getLast();
    assertThat(first.source()).isEqualTo(ClockSource.SERVER);
    Instant captured = START.plusNanos(nowNanos).minusMillis(30);
    senderReport(10, captured);
    frame(11);
    CaptureTime second = feed.times.getLast();
    assertThat(second.source()).isEqualTo(ClockSource.CAMERA_NTP);
    assertThat(second.jumped()).isFalse();
    assertThat(second.errorNanos()).isLessThan(10 * MILLIS);
    assertThat(Duration.between(captured, Instant.EPOCH.plusNanos(second.epochNanos())).toMillis())
        .isBetween(FRAME_MILLIS - 1, FRAME_MILLIS + 1);
  }

  @Test
  void anAbsurdClockDoesNotCount() {
    frame(10);
    senderReport(10, Instant.parse("2001-01-01T00:00:00Z"));
    frame(11);
    assertThat(feed.times.getLast().source()).isEqualTo(ClockSource.SERVER);
    senderReport(11, START.plusNanos(nowNanos));
    frame(12);
    assertThat(feed.times.getLast().source()).isEqualTo(ClockSource.CAMERA_NTP);
  }

  @Test
  void anotherSourceCountsAfterASilence() {
    frame(10);
    send(78, 500, KEY, false);
    assertThat(metrics.strayPackets.sum()).isEqualTo(1);
    nowNanos += 1000 * MILLIS;
    send(78, 501, KEY, false);
    send(78, 502, OTHER, false);
    assertThat(track.source()).isEqualTo(78);
    assertThat(feed.events).containsSubsequence("key", "key", "frame");
    assertThat(track.keyframeRequest(nowNanos + 500 * MILLIS)).as("a keyframe of it").isNotEmpty();
    send(SOURCE, 11, OTHER, false);
    assertThat(metrics.strayPackets.sum()).isEqualTo(2);
    track.flush();
  }
}
