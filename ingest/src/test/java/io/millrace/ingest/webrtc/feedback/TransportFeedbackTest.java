package io.millrace.ingest.webrtc.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TransportFeedbackTest {
  private static final long MILLIS = 1_000_000;

  /** Arrival times in units of 250 us by sequence number, absent where missing. */
  private static Map<Integer, Long> read(byte[] packet) {
    ByteBuffer in = ByteBuffer.wrap(packet);
    assertThat(in.getShort() & 0xffff).isEqualTo(0x8fcd);
    assertThat(in.getShort()).isEqualTo((short) (packet.length / 4 - 1));
    assertThat(in.getInt()).isEqualTo(11);
    assertThat(in.getInt()).isEqualTo(22);
    int base = in.getShort() & 0xffff;
    int count = in.getShort() & 0xffff;
    long time = (in.getInt() >>> 8) * 256L;
    List<Integer> statuses = new ArrayList<>();
    while (statuses.size() < count) {
      int chunk = in.getShort() & 0xffff;
      if (chunk < 0x8000) {
        for (int i = 0; i < (chunk & 0x1fff); i++) {
          statuses.add(chunk >>> 13);
        }
      } else {
        for (int i = 0; i < 7; i++) {
          statuses.add((chunk >>> (12 - 2 * i)) & 3);
        }
      }
    }
    Map<Integer, Long> arrivals = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      if (statuses.get(i) != 0) {
        time += statuses.get(i) == 1 ? in.get() & 0xff : in.getShort();
        arrivals.put((base + i) & 0xffff, time);
      }
    }
    assertThat(in.remaining()).as("padding").isLessThan(4);
    return arrivals;
  }

  @Test
  void aSmallReportIsAsTheDraftDrawsIt() {
    TransportFeedback feedback = new TransportFeedback(0);
    feedback.arrived(5, 65 * MILLIS);
    feedback.arrived(7, 66 * MILLIS);
    List<byte[]> reports = feedback.report(11, 22);
    assertThat(reports).hasSize(1);
    assertThat(HexFormat.of().formatHex(reports.getFirst()))
        .isEqualTo("8fcd0005" + "0000000b00000016" + "00050003" + "00000100" + "d100" + "0404");
  }

  @Test
  void everyArrivalIsToldOnceAndAtItsTime() {
    Random random = new Random(3);
    TransportFeedback feedback = new TransportFeedback(0);
    Map<Integer, Long> sent = new TreeMap<>();
    Map<Integer, Long> told = new TreeMap<>();
    long now = 10 * MILLIS;
    for (int i = 0; i < 6000; i++) {
      int sequence = (64_000 + i) & 0xffff;
      now += random.nextInt(100) == 0 ? 9_000 * MILLIS : random.nextInt(3_000_000);
      if (random.nextInt(5) != 0) {
        feedback.arrived(sequence, now);
        sent.put(sequence, now / 250_000);
      }
      if (random.nextInt(50) == 0) {
        feedback.report(11, 22).forEach(report -> told.putAll(read(report)));
      }
    }
    feedback.report(11, 22).forEach(report -> told.putAll(read(report)));
    assertThat(told).isEqualTo(sent);
    assertThat(feedback.report(11, 22)).isEmpty();
  }

  @Test
  void aJumpOfTheNumbersBeginsAnew() {
    TransportFeedback feedback = new TransportFeedback(0);
    feedback.arrived(1, MILLIS);
    feedback.report(11, 22);
    feedback.arrived(1 + TransportFeedback.MAX_PACKETS, 2 * MILLIS);
    assertThat(feedback.report(11, 22).getFirst()[13] & 0xff).as("within the limit").isEqualTo(2);
    feedback.arrived(30_000, 3 * MILLIS);
    byte[] report = feedback.report(11, 22).getFirst();
    assertThat(read(report)).containsOnlyKeys(30_000);
    assertThat(report.length).isLessThan(32);
  }

  @Test
  void theLimitClimbsWhileTheSenderFollowsAndFallsWithLoss() {
    BandwidthLimit limit = new BandwidthLimit(1_000_000, 4_000_000);
    for (int i = 0; i < 20; i++) {
      limit.interval(limit.bitsPerSecond(), 0);
    }
    assertThat(limit.bitsPerSecond()).isEqualTo(4_000_000);
    limit.interval(3_000_000, 0.2);
    assertThat(limit.bitsPerSecond()).isEqualTo(2_550_000);
    limit.interval(2_000_000, 0.05);
    assertThat(limit.bitsPerSecond()).isEqualTo(2_550_000);
    byte[] report = limit.report(1, List.of(7));
    ByteBuffer in = ByteBuffer.wrap(report);
    assertThat(in.getInt(12)).isEqualTo(0x52454d42);
    int word = in.getInt(16);
    assertThat(word >>> 24).isEqualTo(1);
    assertThat((long) (word & 0x3ffff) << ((word >>> 18) & 0x3f)).isBetween(2_549_000L, 2_550_000L);
    assertThat(in.getInt(20)).isEqualTo(7);
  }
}
