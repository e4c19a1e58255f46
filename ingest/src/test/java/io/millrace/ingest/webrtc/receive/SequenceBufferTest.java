package io.millrace.ingest.webrtc.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.rtp.packet.RtpPacket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SequenceBufferTest {
  private static final long WAIT = 500_000_000;
  private static final long MILLIS = 1_000_000;

  private final SequenceBuffer buffer = new SequenceBuffer(WAIT);
  private final List<String> out = new ArrayList<>();

  private static RtpPacket packet(int sequence) {
    ByteBuffer none = ByteBuffer.allocate(0);
    return new RtpPacket(false, 96, sequence & 0xffff, 0, 7, -1, none, none);
  }

  private void add(int sequence, long now) {
    buffer.add(packet(sequence), now, this::take);
  }

  private void take(RtpPacket packet, int lostBefore) {
    out.add(packet.sequence() + (lostBefore > 0 ? "-" + lostBefore : ""));
  }

  @Test
  void packetsThatOvertakeEachOtherComeInOrderAndOnce() {
    for (int sequence : new int[] {65_534, 65_535, 1, 0, 1, 3, 65_535, 2}) {
      add(sequence, 0);
    }
    assertThat(out).containsExactly("65534", "65535", "0", "1", "2", "3");
  }

  @Test
  void aMissingPacketIsWaitedForAndThenGivenUp() {
    add(10, 0);
    add(13, MILLIS);
    buffer.expire(WAIT, this::take);
    assertThat(out).containsExactly("10");
    buffer.expire(MILLIS + WAIT, this::take);
    assertThat(out).containsExactly("10", "13-2");
    add(11, 2 * WAIT);
    assertThat(out).as("too late").hasSize(2);
  }

  @Test
  void missingPacketsAreAskedForAFewTimes() {
    add(10, 0);
    add(13, 0);
    assertThat(buffer.toAskFor(0)).containsExactly(11, 12);
    assertThat(buffer.toAskFor(50 * MILLIS)).isEmpty();
    add(11, 60 * MILLIS);
    for (int i = 1; i < 5; i++) {
      assertThat(buffer.toAskFor(i * 90 * MILLIS)).containsExactly(12);
    }
    assertThat(buffer.toAskFor(900 * MILLIS)).isEmpty();
    add(12, 400 * MILLIS);
    assertThat(out).containsExactly("10", "11", "12", "13");
  }

  @Test
  void soManyMayWaitAndNoMore() {
    add(0, 0);
    for (int i = 2; i <= SequenceBuffer.MAX_HELD; i++) {
      add(i, 0);
    }
    assertThat(out).as("at the limit").hasSize(1);
    add(SequenceBuffer.MAX_HELD + 1, 0);
    assertThat(out).as("one beyond").hasSize(SequenceBuffer.MAX_HELD + 1);
    assertThat(out.get(1)).isEqualTo("2-1");
  }

  @Test
  void aSenderThatBeginsAnewIsFollowed() {
    add(100, 0);
    add(100 + SequenceBuffer.MAX_GAP + 1, 0);
    add(100 + SequenceBuffer.MAX_GAP + 2, 0);
    assertThat(out).containsExactly("100", "3101", "3102");
    assertThat(buffer.toAskFor(0)).isEmpty();
  }

  @Test
  void nothingIsLostOrTwiceWhateverTheOrder() {
    Random random = new Random(4);
    List<Integer> sent = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      sent.add(65_000 + i);
    }
    for (int i = 0; i + 20 < sent.size(); i++) {
      int other = i + random.nextInt(20);
      int swapped = sent.get(i);
      sent.set(i, sent.get(other));
      sent.set(other, swapped);
    }
    add(64_999, 0);
    for (int sequence : sent) {
      add(sequence, 0);
      if (random.nextInt(3) == 0) {
        add(sequence, 0);
      }
    }
    assertThat(out).hasSize(5001).doesNotHaveDuplicates().noneMatch(each -> each.contains("-"));
  }

  @Test
  void captureTimesFollowTheServersClockSlowly() {
    ArrivalClock clock = new ArrivalClock(90_000);
    long error = 0;
    // A sender that is 200 parts in a million fast, and a network that adds up to 40 ms.
    Random random = new Random(9);
    for (int second = 0; second < 3600; second++) {
      long captured = second * 1_000_000_000L;
      long timestamp = Math.round(second * 90_000 * 1.0002);
      long seen = clock.captureNanos(timestamp, captured + random.nextInt(40) * MILLIS);
      error = Math.max(error, Math.abs(seen - captured));
    }
    assertThat(error).isLessThan(60 * MILLIS);
    long restarted = 10_000_000_000_000L;
    assertThat(clock.captureNanos(5, restarted)).isEqualTo(restarted);
  }
}
