package io.millrace.ingest.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.media.mkv.CaptureTraits;
import io.millrace.media.mkv.FragmentTraits;
import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.track.ClockSource;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.Frame;
import io.millrace.media.track.GapReason;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.StreamEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clocks that change or jump, and frames that never came, through a feed into a real store. */
class FeedClockTest extends FeedsOfAStore {
  /** Pictures would change places if a clock that is a little behind took effect among them. */
  @Test
  void aClockThatAgreesButForALittleTakesEffectAtAKeyframeAndIsNoJump() throws Exception {
    Feed feed = feed("cam");
    long behind = -60 * MILLI;
    run(
        () -> {
          feed.track(video(CodecPrivateData.EMPTY));
          feed.frame(
              1, new CaptureTime(START, ClockSource.SERVER, 30 * MILLI, false), true, idr(SMALL));
          feed.frame(
              1,
              new CaptureTime(START + FRAME + behind, ClockSource.CAMERA_NTP, MILLI, false, behind),
              false,
              slice(1));
          for (int i = 2; i < 25; i++) {
            feed.frame(1, at(START + i * FRAME + behind), false, slice(i));
          }
          feed.lost(1, START + 22 * FRAME + behind, START + 25 * FRAME + behind, 1, "late news");
          group(feed, SMALL, START + 25 * FRAME + behind, 10);
          feed.lost(1, START + 23 * FRAME + behind, START + 24 * FRAME + behind, 1, "later news");
          feed.end(Feed.End.SOURCE_ENDED);
        });
    List<FragmentEntry> entries = stored("cam", 2);
    List<Frame> first = read("cam", entries.get(0)).frames();
    for (int i = 0; i < 25; i++) {
      assertThat(first.get(i).ptsNanos()).isEqualTo(START + i * FRAME);
    }
    assertThat(entries.get(1).producerTimeNanos()).isEqualTo(START + 25 * FRAME + behind);
    CaptureTraits before = FragmentTraits.of(entries.get(0).flags()).capture();
    assertThat(before.clock()).isEqualTo(ClockSource.SERVER);
    assertThat(before.maxErrorNanos()).isGreaterThanOrEqualTo(30 * MILLI);
    CaptureTraits after = FragmentTraits.of(entries.get(1).flags()).capture();
    assertThat(after.clock()).isEqualTo(ClockSource.CAMERA_NTP);
    assertThat(after.clockJumped()).isFalse();
    assertThat(events("cam", 3))
        .extracting(
            event -> GapReason.of(event.kind()).orElseThrow(),
            StreamEvent::startNanos,
            StreamEvent::endNanos)
        .containsExactly(
            tuple(GapReason.PACKET_LOSS, START + 22 * FRAME, START + 25 * FRAME + behind),
            tuple(GapReason.PACKET_LOSS, START + 23 * FRAME, START + 24 * FRAME),
            tuple(GapReason.NO_PRODUCER, START + 35 * FRAME + behind, START + 35 * FRAME + behind));
  }

  @Test
  void aClockThatJumpsTakesEffectAtAKeyframeAndIsWrittenDown() throws Exception {
    long ahead = 3_600_000 * MILLI;
    Feed feed = feed("cam");
    run(
        () -> {
          feed.track(video(CodecPrivateData.EMPTY));
          group(feed, SMALL, START, 10);
          feed.frame(1, jumped(START + 10 * FRAME + ahead), false, slice(10));
          feed.frame(1, at(START + 11 * FRAME + ahead), false, slice(11));
          group(feed, SMALL, START + 12 * FRAME + ahead, 10);
          feed.end(Feed.End.SOURCE_ENDED);
        });
    List<FragmentEntry> entries = stored("cam", 2);
    MkvFragment before = read("cam", entries.get(0));
    assertThat(before.frames()).hasSize(12);
    assertThat(before.frames().getLast().ptsNanos()).isEqualTo(START + 11 * FRAME);
    assertThat(entries.get(1).producerTimeNanos()).isEqualTo(START + 12 * FRAME + ahead);
    assertThat(FragmentTraits.of(entries.get(0).flags()).capture().clockJumped()).isFalse();
    assertThat(FragmentTraits.of(entries.get(1).flags()).capture().clockJumped()).isTrue();
    StreamEvent jump = events("cam", 2).getFirst();
    assertThat(jump.kind()).isEqualTo(GapReason.CLOCK_JUMP.code());
    assertThat(jump.startNanos()).isEqualTo(START + 12 * FRAME + ahead);
    assertThat(jump.detail()).contains("+3600.000 s");
  }

  @Test
  void lossesAndHolesAreWrittenDown() throws Exception {
    Feed feed = feed("cam");
    run(
        () -> {
          feed.track(video(CodecPrivateData.EMPTY));
          group(feed, SMALL, START, 10);
          feed.lost(1, START + 10 * FRAME, START + 12 * FRAME, 3, "packets 7 to 9");
          feed.frame(1, at(START + 12 * FRAME), false, slice(12));
          feed.frame(1, at(START + 5000 * MILLI), false, slice(13));
          feed.end(Feed.End.SOURCE_ENDED);
        });
    List<FragmentEntry> entries = stored("cam", 2);
    assertThat(FragmentTraits.of(entries.get(0).flags()).capture().lossy()).isTrue();
    assertThat(FragmentTraits.of(entries.get(1).flags()).capture().lossy()).isFalse();
    List<StreamEvent> events = events("cam", 3);
    assertThat(events.get(0).kind()).isEqualTo(GapReason.PACKET_LOSS.code());
    assertThat(events.get(0).startNanos()).isEqualTo(START + 10 * FRAME);
    assertThat(events.get(0).endNanos()).isEqualTo(START + 12 * FRAME);
    assertThat(events.get(0).count()).isEqualTo(3);
    assertThat(events.get(1).kind()).isEqualTo(GapReason.NO_PRODUCER.code());
    assertThat(events.get(1).endNanos()).isEqualTo(START + 5000 * MILLI);
    assertThat(server.metrics.stream("cam").lostPackets().sum()).isEqualTo(3);
  }
}
