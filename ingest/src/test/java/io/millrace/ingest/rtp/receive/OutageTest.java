package io.millrace.ingest.rtp.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.rtp.clock.CaptureClock;
import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.ingest.rtp.clock.ClockSettings;
import io.millrace.ingest.rtp.payload.AccessUnit;
import io.millrace.ingest.rtp.payload.PayloadFormats;
import io.millrace.ingest.rtp.payload.RtpFormat;
import io.millrace.ingest.rtp.send.RtpSender;
import io.millrace.media.track.ClockSource;
import io.millrace.media.track.Track;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Long silences and good-byes: what was the camera's clock before is its clock after. */
class OutageTest {
  private static final long MILLI = 1_000_000L;
  private static final long START = 1_750_000_000_000L * MILLI;
  private static final long FRAME = 40 * MILLI;

  /** An hour behind the server. */
  private static final long OFFSET = 3_600_000 * MILLI;

  private static final RtpFormat H264 = new RtpFormat(96, "H264", 90_000, 0, Map.of());

  private record Lost(long from, long to) {}

  private final List<CaptureTime> times = new ArrayList<>();
  private final List<Lost> losses = new ArrayList<>();
  private final RtpReceiver receiver =
      new RtpReceiver(
          H264,
          ReceiverSettings.datagrams(),
          new CaptureClock(90_000, ClockSettings.defaults()),
          new ReceiverListener() {
            @Override
            public void frame(AccessUnit unit, CaptureTime time) {
              times.add(time);
            }

            @Override
            public void lost(long fromNanos, long toNanos, int packets, String reason) {
              losses.add(new Lost(fromNanos, toNanos));
            }

            @Override
            public void keyframeWanted() {}
          });

  private long sentNanos;
  private boolean down;
  private final Track track = PayloadFormats.track(1, H264);
  private final RtpSender sender =
      new RtpSender(
          track,
          96,
          90_000,
          200,
          false,
          new SplittableRandom(5),
          packet -> {
            if (!down) {
              receiver.packet(packet, sentNanos + OFFSET, sentNanos + OFFSET);
            }
          });

  private void send(int from, int to) {
    for (int i = from; i < to; i++) {
      sentNanos = START + i * FRAME;
      byte[] unit = new byte[2000];
      unit[0] = 0x65;
      unit[1] = (byte) 0x80;
      unit[2] = (byte) i;
      ByteBuffer frame = ByteBuffer.allocate(4 + unit.length).putInt(unit.length).put(unit).flip();
      sender.frame(track, sentNanos, true, false, frame);
      byte[] report = sender.senderReport("camera");
      if (i % 100 == 0 && !down && report != null) {
        receiver.rtcp(ByteBuffer.wrap(report), sentNanos + OFFSET, sentNanos + OFFSET);
      }
    }
  }

  @Test
  void anOutageOfMoreThanTheRestartDistanceKeepsTheCamerasClock() {
    send(0, 50);
    down = true;
    send(50, 450);
    down = false;
    send(450, 500);
    receiver.end();
    assertThat(times).hasSize(100);
    // The first came before the camera told its time.
    assertThat(times.subList(2, 100)).allMatch(time -> !time.jumped());
    CaptureTime after = times.get(50);
    assertThat(after.source()).isEqualTo(ClockSource.CAMERA_NTP);
    assertThat(Math.abs(after.epochNanos() - START - 450 * FRAME)).isLessThan(MILLI);
    assertThat(losses).hasSize(1);
    assertThat(Math.abs(losses.getFirst().from() - START - 50 * FRAME)).isLessThan(2 * MILLI);
    assertThat(losses.getFirst().to()).isEqualTo(after.epochNanos());
  }

  @Test
  void aGoodByeGivesOutWhatIsThereOnceNothingCanBeUnderway() {
    send(0, 1);
    int before = times.size();
    ByteBuffer bye =
        ByteBuffer.allocate(8)
            .putShort((short) 0x81cb)
            .putShort((short) 1)
            .putInt(receiver.ssrc().orElseThrow())
            .flip();
    // A frame whose first packets are there waits for packets that never come.
    down = true;
    send(1, 2);
    down = false;
    send(2, 3);
    assertThat(times).hasSize(before);
    assertThat(receiver.saidGoodbye()).isFalse();
    receiver.rtcp(bye, sentNanos, sentNanos + OFFSET);
    assertThat(receiver.saidGoodbye()).isTrue();
    assertThat(times).hasSize(before);
    receiver.tick(sentNanos + ReceiverSettings.datagrams().reorderWindow().toNanos());
    assertThat(times).hasSize(before + 1);
    assertThat(losses).hasSize(1);
    assertThat(receiver.missing(10)).isEmpty();
  }
}
