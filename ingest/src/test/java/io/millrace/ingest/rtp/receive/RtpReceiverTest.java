package io.millrace.ingest.rtp.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.rtp.clock.CaptureClock;
import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.ingest.rtp.clock.ClockSettings;
import io.millrace.ingest.rtp.packet.RtcpPacket;
import io.millrace.ingest.rtp.payload.AccessUnit;
import io.millrace.ingest.rtp.payload.DepacketizerSettings;
import io.millrace.ingest.rtp.payload.PayloadFormats;
import io.millrace.ingest.rtp.payload.RtpFormat;
import io.millrace.ingest.rtp.send.RtpSender;
import io.millrace.media.track.ClockSource;
import io.millrace.media.track.Track;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RtpReceiverTest {
  private static final long MILLI = 1_000_000L;
  private static final long START = 1_750_000_000_000L * MILLI;
  private static final long FRAME = 40 * MILLI;
  private static final RtpFormat H264 = new RtpFormat(96, "H264", 90_000, 0, Map.of());

  private record Lost(long from, long to, int packets, String reason) {}

  private static final class Collected implements ReceiverListener {
    final List<AccessUnit> units = new ArrayList<>();
    final List<CaptureTime> times = new ArrayList<>();
    final List<Lost> losses = new ArrayList<>();
    int keyframesWanted;

    @Override
    public void frame(AccessUnit unit, CaptureTime time) {
      ByteBuffer data = ByteBuffer.allocate(unit.data().remaining()).put(unit.data()).flip();
      units.add(new AccessUnit(unit.timestamp(), unit.keyframe(), data));
      times.add(time);
    }

    @Override
    public void lost(long fromNanos, long toNanos, int packets, String reason) {
      losses.add(new Lost(fromNanos, toNanos, packets, reason));
    }

    @Override
    public void keyframeWanted() {
      keyframesWanted++;
    }
  }

  /** A packet on its way. */
  private record Sent(byte[] bytes, long atNanos, int frame) {}

  private final Collected collected = new Collected();
  private final List<ByteBuffer> frames = new ArrayList<>();
  private final List<Sent> sent = new ArrayList<>();
  private byte[] report = {};

  private static RtpReceiver receiver(ReceiverSettings settings, ReceiverListener listener) {
    return new RtpReceiver(
        H264, settings, new CaptureClock(90_000, ClockSettings.defaults()), listener);
  }

  /** Frames of several packets each, 40 ms apart; the first and every 25th is a keyframe. */
  private void make(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Track track = PayloadFormats.track(1, H264);
    int[] current = new int[1];
    RtpSender sender =
        new RtpSender(
            track,
            96,
            90_000,
            600,
            false,
            new SplittableRandom(seed),
            packet -> {
              byte[] copy = new byte[packet.remaining()];
              packet.get(copy);
              sent.add(new Sent(copy, START + current[0] * FRAME, current[0]));
            });
    for (int i = 0; i < count; i++) {
      boolean key = i % 25 == 0;
      byte[] unit = new byte[800 + random.nextInt(3000)];
      random.nextBytes(unit);
      unit[0] = (byte) (key ? 0x65 : 0x41);
      unit[1] |= (byte) 0x80;
      ByteBuffer frame = ByteBuffer.allocate(4 + unit.length);
      frame.putInt(unit.length).put(unit).flip();
      frames.add(frame);
      current[0] = i;
      sender.frame(track, START + i * FRAME, key, false, frame);
      if (i == 0) {
        report = sender.senderReport("test");
      }
    }
  }

  private static void give(RtpReceiver receiver, Sent packet, long atNanos) {
    receiver.packet(ByteBuffer.wrap(packet.bytes()), atNanos, atNanos);
  }

  @Test
  void orderedPacketsBecomeFramesWithTheCamerasTime() {
    make(100, 1);
    RtpReceiver receiver = receiver(ReceiverSettings.ordered(), collected);
    receiver.rtcp(ByteBuffer.wrap(report), START, START + 5000 * MILLI);
    for (Sent packet : sent) {
      give(receiver, packet, packet.atNanos() + 5000 * MILLI);
    }
    receiver.end();
    assertThat(collected.units.stream().map(AccessUnit::data)).isEqualTo(frames);
    for (int i = 0; i < frames.size(); i++) {
      CaptureTime time = collected.times.get(i);
      assertThat(time.source()).isEqualTo(ClockSource.CAMERA_NTP);
      assertThat(Math.abs(time.epochNanos() - START - i * FRAME)).isLessThan(20_000);
      assertThat(time.jumped()).isFalse();
    }
    assertThat(collected.losses).isEmpty();
    assertThat(receiver.receptionReport(0).orElseThrow().cumulativeLost()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aBadNetworkLosesOnlyWhatItSaysItLost(long seed) {
    make(300, seed);
    SplittableRandom random = new SplittableRandom(seed);
    record Delivery(Sent packet, long at) {}
    List<Delivery> deliveries = new ArrayList<>();
    for (Sent packet : sent) {
      boolean outage = packet.frame() >= 120 && packet.frame() < 150 && seed % 2 == 0;
      if (outage || (packet.frame() > 0 && random.nextInt(100) == 0)) {
        continue;
      }
      // The first frame comes in order: what is before the first packet was never begun.
      long at = packet.atNanos() + (packet.frame() == 0 ? 0 : random.nextLong(60 * MILLI));
      deliveries.add(new Delivery(packet, at));
      if (random.nextInt(50) == 0) {
        deliveries.add(new Delivery(packet, at + random.nextLong(100 * MILLI)));
      }
    }
    deliveries.sort(Comparator.comparingLong(Delivery::at));
    RtpReceiver receiver = receiver(ReceiverSettings.datagrams(), collected);
    receiver.rtcp(ByteBuffer.wrap(report), START, START);
    for (Delivery delivery : deliveries) {
      receiver.tick(delivery.at());
      give(receiver, delivery.packet(), delivery.at());
    }
    receiver.end();
    boolean[] got = new boolean[frames.size()];
    for (int i = 0; i < collected.units.size(); i++) {
      int number = (int) Math.round((collected.times.get(i).epochNanos() - START) / (double) FRAME);
      assertThat(collected.units.get(i).data()).isEqualTo(frames.get(number));
      got[number] = true;
    }
    for (int i = 0; i < got.length; i++) {
      long at = START + i * FRAME;
      boolean told =
          collected.losses.stream()
              .anyMatch(lost -> lost.from() - FRAME / 2 <= at && at < lost.to() - FRAME / 2);
      if (i < got.length - 3) {
        assertThat(told).as("frame %d is missing or said to be, not both", i).isNotEqualTo(got[i]);
      }
    }
    assertThat(collected.keyframesWanted).isPositive();
  }

  @Test
  void aRestartedSourceGoesOnAndStraysDoNotDisturb() {
    make(50, 9);
    RtpReceiver receiver = receiver(ReceiverSettings.datagrams(), collected);
    for (Sent packet : sent) {
      give(receiver, packet, packet.atNanos());
      byte[] stray = packet.bytes().clone();
      stray[8] ^= 0x55;
      stray[3] = (byte) packet.frame();
      receiver.packet(ByteBuffer.wrap(stray), packet.atNanos(), packet.atNanos());
      receiver.packet(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0, 0);
      sentOnly(receiver, packet);
    }
    receiver.end();
    int before = collected.units.size();
    assertThat(before).isEqualTo(50);
    assertThat(receiver.malformedPackets()).isGreaterThanOrEqualTo(50);

    List<Sent> first = List.copyOf(sent);
    sent.clear();
    frames.clear();
    make(50, 10);
    RtpReceiver again = receiver(ReceiverSettings.datagrams(), collected);
    collected.units.clear();
    for (Sent packet : first) {
      give(again, packet, packet.atNanos());
    }
    for (Sent packet : sent) {
      give(again, packet, packet.atNanos() + 50 * FRAME);
    }
    again.end();
    assertThat(collected.units).hasSize(100);
    assertThat(collected.losses).extracting(Lost::reason).contains("the source began anew");
  }

  /** Another payload type. */
  private static void sentOnly(RtpReceiver receiver, Sent packet) {
    byte[] other = packet.bytes().clone();
    other[1] = 97;
    receiver.packet(ByteBuffer.wrap(other), packet.atNanos(), packet.atNanos());
  }

  @Test
  void whatWaitsIsBounded() {
    make(200, 11);
    ReceiverSettings settings =
        new ReceiverSettings(
            Duration.ofDays(1), 10, 1 << 20, 3000, DepacketizerSettings.defaults());
    RtpReceiver receiver = receiver(settings, collected);
    give(receiver, sent.get(0), START);
    for (int i = 2; i < 12; i++) {
      give(receiver, sent.get(i), START);
    }
    assertThat(receiver.missing(100)).hasSize(1);
    give(receiver, sent.get(12), START);
    assertThat(receiver.missing(100)).as("one packet beyond the limit gives the gap up").isEmpty();
    assertThat(receiver.receptionReport(0).orElseThrow().cumulativeLost()).isEqualTo(1);

    ReceiverSettings bytes =
        new ReceiverSettings(Duration.ofDays(1), 1000, 1200, 3000, DepacketizerSettings.defaults());
    RtpReceiver small = receiver(bytes, new Collected());
    give(small, sent.get(0), START);
    give(small, sent.get(2), START);
    assertThat(small.missing(100)).hasSize(1);
    for (int i = 3; i < 8; i++) {
      give(small, sent.get(i), START);
    }
    assertThat(small.missing(100)).isEmpty();
  }

  @Test
  void theBrokenAreCountedAndTheTimeOfAnEarlyReportCounts() throws Exception {
    make(3, 12);
    assertThat(RtcpPacket.parse(ByteBuffer.wrap(report)))
        .hasExactlyElementsOfTypes(RtcpPacket.SenderReport.class, RtcpPacket.Sdes.class);
    RtpReceiver receiver = receiver(ReceiverSettings.ordered(), collected);
    receiver.rtcp(ByteBuffer.wrap(new byte[] {(byte) 0x80, (byte) 200, 0, 9}), 0, 0);
    assertThat(receiver.malformedPackets()).isEqualTo(1);
  }
}
