package io.millrace.ingest.rtp.receive;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.ingest.rtp.clock.CaptureClock;
import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.ingest.rtp.clock.ClockSettings;
import io.millrace.ingest.rtp.payload.AccessUnit;
import io.millrace.ingest.rtp.payload.DepacketizerSettings;
import io.millrace.ingest.rtp.payload.RtpFormat;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Datagrams of any kind in any order: no exception, no frame above the limits, spans that do not
 * end before they begin, and no more asked for than may be. An input is a row of steps: flags (1
 * RTCP, 2 time goes by, 4 the RTP header is made right), time in ms, length, bytes.
 */
class ReceiverFuzzTest {
  private static final RtpFormat FORMAT = new RtpFormat(96, "H264", 90_000, 0, Map.of());
  private static final ReceiverSettings SETTINGS =
      new ReceiverSettings(Duration.ofMillis(50), 8, 1000, 300, new DepacketizerSettings(2000, 8));
  private static final long START = 1_750_000_000_000_000_000L;

  static Stream<byte[]> steps() {
    return Stream.of(
        new byte[] {4, 10, 16, 0, 96, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0x65, (byte) 0x88, 1, 2},
        new byte[] {4, 10, 14, 0, 96, 0, 5, 0, 0, 0, 1, 0, 0, 0, 1, 0x41, 1, 2, 90, 0},
        random(1, 4000, 20),
        random(2, 4000, 60),
        random(3, 4000, 5));
  }

  /** Steps that are mostly taken, with sequence numbers that jump about. */
  private static byte[] random(long seed, int bytes, int length) {
    SplittableRandom random = new SplittableRandom(seed);
    ByteBuffer out = ByteBuffer.allocate(bytes);
    int sequence = 65_500;
    while (out.remaining() > 3 + 12 + length) {
      boolean rtcp = random.nextInt(10) == 0;
      sequence += random.nextInt(50) == 0 ? random.nextInt(65_536) : random.nextInt(-2, 5);
      byte[] body = new byte[12 + random.nextInt(length)];
      random.nextBytes(body);
      ByteBuffer.wrap(body).putShort(2, (short) sequence).putInt(8, random.nextInt(20) / 19);
      if (rtcp && body.length >= 12) {
        ByteBuffer.wrap(body).putShort(0, (short) 0x80c8).putShort(2, (short) 6);
      }
      out.put((byte) (rtcp ? 1 : 4 | random.nextInt(4) & 2))
          .put((byte) random.nextInt(100))
          .put((byte) body.length)
          .put(body);
    }
    return out.array();
  }

  @MethodSource("steps")
  @FuzzTest(maxDuration = "60s")
  void nothingBreaksTheReceiver(byte[] input) {
    Checked checked = new Checked();
    RtpReceiver receiver =
        new RtpReceiver(
            FORMAT, SETTINGS, new CaptureClock(90_000, ClockSettings.defaults()), checked);
    long now = START;
    int at = 0;
    while (at + 3 <= input.length) {
      int flags = input[at];
      now += (input[at + 1] & 0xff) * 1_000_000L;
      int length = Math.min(input[at + 2] & 0xff, input.length - at - 3);
      byte[] datagram = new byte[length];
      System.arraycopy(input, at + 3, datagram, 0, length);
      if ((flags & 4) != 0 && length >= 12) {
        datagram[0] = (byte) 0x80;
        datagram[1] = (byte) (datagram[1] & 0x80 | FORMAT.payloadType());
      }
      if ((flags & 1) != 0) {
        receiver.rtcp(ByteBuffer.wrap(datagram), now, now);
      } else {
        receiver.packet(ByteBuffer.wrap(datagram), now, now);
      }
      if ((flags & 2) != 0) {
        receiver.tick(now);
      }
      assertThat(receiver.missing(16)).hasSizeLessThanOrEqualTo(16);
      receiver
          .receptionReport(now)
          .ifPresent(report -> assertThat(report.fractionLost()).isBetween(0, 255));
      at += 3 + length;
    }
    receiver.end();
    assertThat(receiver.missing(16)).isEmpty();
  }

  private static final class Checked implements ReceiverListener {
    @Override
    public void frame(AccessUnit unit, CaptureTime time) {
      assertThat(unit.data().remaining()).isBetween(1, 2000);
      assertThat(time.errorNanos()).isNotNegative();
    }

    @Override
    public void lost(long fromNanos, long toNanos, int packets, String reason) {
      assertThat(toNanos).isGreaterThanOrEqualTo(fromNanos);
      assertThat(packets).isNotNegative();
      assertThat(reason).isNotBlank();
    }

    @Override
    public void keyframeWanted() {}
  }
}
