package io.millrace.ingest.rtp.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.rtp.clock.CaptureClock;
import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.ingest.rtp.clock.ClockSettings;
import io.millrace.ingest.rtp.payload.AccessUnit;
import io.millrace.ingest.rtp.payload.PayloadFormats;
import io.millrace.ingest.rtp.payload.RtpFormat;
import io.millrace.ingest.rtp.send.RtpSender;
import io.millrace.media.track.Track;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Cameras whose frames say when they were captured, behind a network that delays and reorders: for
 * any instant the frame by capture time is the one captured then, and gaps are where frames are
 * missing.
 */
class TimeTruthTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1000 * MILLI;
  private static final long START = 1_750_000_000L * SECOND;

  /** The camera's clock is two hours behind that of the server. */
  private static final long OFFSET = 7200 * SECOND;

  private static final int RATE = 90_000;
  private static final int FRAMES = 3000;
  private static final long REPORT_EVERY = 5 * SECOND;
  private static final RtpFormat H264 = new RtpFormat(96, "H264", RATE, 0, Map.of());

  enum Camera {
    B_FRAMES(RATE, 40 * MILLI),
    VARIABLE_RATE(RATE, 40 * MILLI),
    FAST_CLOCK(RATE * 103 / 100, 40 * MILLI),
    /** Says 25 frames a second, stamps them so, and makes 21. */
    DECLARED_25_REALLY_21(RATE * 21 / 25, SECOND / 21),
    OUTAGE(RATE, 40 * MILLI);

    private final int ticksPerSecond;
    private final long interval;

    Camera(int ticksPerSecond, long interval) {
      this.ticksPerSecond = ticksPerSecond;
      this.interval = interval;
    }
  }

  private record Sent(byte[] bytes, boolean report, long atNanos) {}

  private record Lost(long from, long to) {}

  private final List<Long> captured = new ArrayList<>();
  private final List<Sent> sent = new ArrayList<>();

  /** Number of each frame given out by the time it was given out with. */
  private final TreeMap<Long, Integer> stored = new TreeMap<>();

  private final List<Lost> losses = new ArrayList<>();

  private static byte[] copy(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(copy);
    return copy;
  }

  private void film(Camera camera, SplittableRandom random) {
    long at = START;
    for (int i = 0; i < FRAMES; i++) {
      captured.add(at);
      boolean longer = camera == Camera.VARIABLE_RATE && random.nextInt(3) == 0;
      at += longer ? camera.interval + random.nextLong(camera.interval) : camera.interval;
    }
    Track track = PayloadFormats.track(1, H264);
    long[] now = new long[1];
    RtpSender sender =
        new RtpSender(
            track,
            96,
            camera.ticksPerSecond,
            500,
            false,
            random,
            packet -> sent.add(new Sent(copy(packet), false, now[0])));
    long reported = Long.MIN_VALUE / 2;
    for (int i = 0; i < FRAMES; i++) {
      int number = camera == Camera.B_FRAMES ? decodeOrder(i) : i;
      byte[] unit = new byte[300 + random.nextInt(1500)];
      unit[0] = (byte) (i % 50 == 0 ? 0x65 : 0x41);
      unit[1] = (byte) 0x80;
      ByteBuffer frame = ByteBuffer.allocate(4 + unit.length).putInt(unit.length).put(unit);
      frame.putInt(6, number).flip();
      now[0] = Math.max(now[0], captured.get(number)) + 5 * MILLI;
      sender.frame(track, captured.get(number), i % 50 == 0, false, frame);
      if (captured.get(number) - reported >= REPORT_EVERY) {
        reported = captured.get(number);
        byte[] report = sender.senderReport("camera");
        if (report != null) {
          sent.add(new Sent(report, true, now[0]));
        }
      }
    }
  }

  /** 0 3 1 2 6 4 5 9 7 8 and so on. */
  private static int decodeOrder(int i) {
    if (i == 0 || i > FRAMES - 1 - (FRAMES - 1) % 3) {
      return i;
    }
    int in = (i - 1) % 3;
    return i - 1 - in + (in == 0 ? 3 : in);
  }

  private void bring(SplittableRandom random, boolean outage) {
    RtpReceiver receiver =
        new RtpReceiver(
            H264,
            ReceiverSettings.datagrams(),
            new CaptureClock(RATE, ClockSettings.defaults()),
            new ReceiverListener() {
              @Override
              public void frame(AccessUnit unit, CaptureTime time) {
                stored.put(time.epochNanos(), unit.data().getInt(6));
              }

              @Override
              public void lost(long fromNanos, long toNanos, int packets, String reason) {
                losses.add(new Lost(fromNanos, toNanos));
              }

              @Override
              public void keyframeWanted() {}
            });
    record Delivery(Sent packet, long at) {}
    List<Delivery> deliveries = new ArrayList<>();
    for (Sent packet : sent) {
      boolean down =
          outage
              && packet.atNanos() > START + 60 * SECOND
              && packet.atNanos() < START + 67 * SECOND;
      if (!down) {
        deliveries.add(new Delivery(packet, packet.atNanos() + random.nextLong(60 * MILLI)));
      }
    }
    // The first packets come first: what is before the first was never begun.
    deliveries.sort(Comparator.comparingLong(Delivery::at));
    for (Delivery delivery : deliveries) {
      long at = delivery.at() + OFFSET;
      receiver.tick(at);
      ByteBuffer bytes = ByteBuffer.wrap(delivery.packet().bytes());
      if (delivery.packet().report()) {
        receiver.rtcp(bytes, at, at);
      } else {
        receiver.packet(bytes, at, at);
      }
    }
    receiver.end();
  }

  @ParameterizedTest
  @EnumSource
  void theFrameOfAnInstantIsTheOneCapturedThen(Camera camera) {
    SplittableRandom random = new SplittableRandom(camera.ordinal() + 1);
    film(camera, random);
    bring(random, camera == Camera.OUTAGE);
    // Until the camera reported, and a clock this wrong was measured, times are estimates.
    long from = START + (camera.ticksPerSecond == RATE ? 1 : 21) * SECOND;
    long to = captured.getLast() - SECOND;
    TreeMap<Long, Integer> truth = new TreeMap<>();
    for (int i = 0; i < FRAMES; i++) {
      truth.put(captured.get(i), i);
    }
    int inGaps = 0;
    for (int i = 0; i < 1000; i++) {
      long instant = random.nextLong(from, to);
      Map.Entry<Long, Integer> wanted = truth.floorEntry(instant);
      boolean edge =
          instant - wanted.getKey() < MILLI || truth.higherKey(instant) - instant < MILLI;
      boolean gap = losses.stream().anyMatch(lost -> lost.from() <= instant && instant < lost.to());
      if (gap) {
        inGaps++;
        assertThat(edge || !stored.containsValue(wanted.getValue())).isTrue();
        continue;
      }
      Map.Entry<Long, Integer> found = stored.floorEntry(instant);
      long error = Math.abs(captured.get(found.getValue()) - found.getKey());
      assertThat(error).isLessThan(camera.interval / 2);
      if (!edge) {
        assertThat(found.getValue())
            .as("frame at %s", instant - START)
            .isEqualTo(wanted.getValue());
      }
    }
    if (camera == Camera.OUTAGE) {
      assertThat(inGaps).isBetween(30, 90);
      assertThat(losses).hasSizeLessThanOrEqualTo(3);
    } else {
      assertThat(losses).isEmpty();
      assertThat(stored).hasSizeGreaterThan(FRAMES * 9 / 10);
    }
  }
}
