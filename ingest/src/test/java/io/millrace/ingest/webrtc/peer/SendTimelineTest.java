package io.millrace.ingest.webrtc.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SendTimelineTest {
  private static final long MILLIS = 1_000_000;

  @Test
  void whatIsOldIsSqueezedAndRealTimeFollows() {
    SendTimeline timeline = new SendTimeline();
    long capture = 1_000_000 * MILLIS;
    long now = 0;
    for (int i = 0; i < 60; i++) {
      timeline.frame(capture + i * 33 * MILLIS, now);
      now += MILLIS / 10;
    }
    assertThat(timeline.isLive()).isFalse();
    long last = timeline.presentationNanos(capture + 59 * 33 * MILLIS);
    assertThat(last).isLessThan(70 * MILLIS);
    now += 33 * MILLIS;
    timeline.frame(capture + 60 * 33 * MILLIS, now);
    assertThat(timeline.isLive()).isTrue();
    assertThat(timeline.presentationNanos(capture + 60 * 33 * MILLIS) - last)
        .isEqualTo(33 * MILLIS);
    assertThat(timeline.presentationNanos(capture + 61 * 33 * MILLIS) - last)
        .isEqualTo(66 * MILLIS);
  }

  @Test
  void aLeapOfTheCameraClockDoesNotMakeViewersWait() {
    SendTimeline timeline = new SendTimeline();
    long capture = 100_000_000 * MILLIS;
    long now = 0;
    for (int i = 0; i < 3; i++) {
      timeline.frame(capture, now);
      capture += 40 * MILLIS;
      now += 40 * MILLIS;
    }
    long last = timeline.presentationNanos(capture - 40 * MILLIS);
    // Another camera goes on, whose clock is a day ahead, and then one whose clock is not.
    long day = 86_400_000 * MILLIS;
    now += 960 * MILLIS;
    timeline.frame(capture + day, now);
    assertThat(timeline.presentationNanos(capture + day) - last).isEqualTo(1_000 * MILLIS);
    now += 40 * MILLIS;
    timeline.frame(capture - day, now);
    assertThat(timeline.presentationNanos(capture - day) - last).isEqualTo(1_040 * MILLIS);
    assertThat(timeline.presentationNanos(capture - day + 40 * MILLIS) - last)
        .isEqualTo(1_080 * MILLIS);
  }

  @Test
  void framesOutOfOrderAreNoLeap() {
    SendTimeline timeline = new SendTimeline();
    for (int i = 0; i < 4; i++) {
      timeline.frame(i * 40 * MILLIS, i * 40 * MILLIS);
    }
    timeline.frame(1_600 * MILLIS, 160 * MILLIS);
    timeline.frame(200 * MILLIS, 200 * MILLIS);
    assertThat(timeline.presentationNanos(200 * MILLIS)).isEqualTo(200 * MILLIS);
  }

  @Test
  void packetsAreKeptToTheLimit() {
    PacketHistory history = new PacketHistory(4);
    List<Integer> again = new ArrayList<>();
    MediaPath.Sender sender =
        new MediaPath.Sender() {
          @Override
          public void rtcp(byte[] packet) {
            throw new AssertionError();
          }

          @Override
          public int rtp(byte[] packet, int length) {
            throw new AssertionError();
          }

          @Override
          public void again(byte[] packet, int length) {
            again.add((int) packet[0]);
          }
        };
    for (int i = 0; i < 5; i++) {
      history.add((65_533 + i) & 0xffff, new byte[] {(byte) i}, 1);
    }
    assertThat(history.resend(65_533, sender)).as("one beyond the limit").isFalse();
    assertThat(history.resend(65_534, sender)).as("at the limit").isTrue();
    assertThat(history.resend(1, sender)).isTrue();
    assertThat(history.resend(2, sender)).as("never sent").isFalse();
    assertThat(again).containsExactly(1, 4);
    assertThat(new PacketHistory(0).resend(1, sender)).isFalse();
  }
}
