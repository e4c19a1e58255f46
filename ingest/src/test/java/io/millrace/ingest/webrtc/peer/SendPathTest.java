package io.millrace.ingest.webrtc.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.outbound.FrameReading;
import io.millrace.ingest.rtp.packet.RtcpPacket;
import io.millrace.ingest.rtp.payload.RtpFormat;
import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import io.millrace.ingest.webrtc.negotiation.MediaPlan;
import io.millrace.media.codec.Codec;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import io.millrace.media.track.Track.TrackType;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A stream on its way to a viewer who is only sound. */
class SendPathTest {
  private static final int OURS = 9;
  private static final Track SOUND =
      new Track(
          2,
          2,
          TrackType.AUDIO,
          "",
          Codec.OPUS_ID,
          CodecPrivateData.EMPTY,
          0,
          Optional.empty(),
          Optional.of(new AudioFormat(48_000, 2, 0)));

  private final Vertx vertx = Vertx.vertx();
  private final WebRtcMetrics metrics = new WebRtcMetrics();
  private final List<byte[]> rtp = new ArrayList<>();
  private final List<byte[]> again = new ArrayList<>();
  private final List<List<RtcpPacket>> rtcp = new ArrayList<>();

  @AfterEach
  void close() {
    vertx.close();
  }

  /** Frames 20 ms apart, and then none for ever. */
  private static final class Reading implements FrameReading {
    private final int frames;
    private int given;

    Reading(int frames) {
      this.frames = frames;
    }

    @Override
    public List<Track> tracks() {
      return List.of(SOUND);
    }

    @Override
    public Future<OutFrame> next() {
      if (given == frames) {
        return Promise.<OutFrame>promise().future();
      }
      ByteBuffer data = ByteBuffer.wrap(new byte[] {(byte) given});
      return Future.succeededFuture(new OutFrame(SOUND, given++ * 20_000_000L, true, false, data));
    }

    @Override
    public void close() {}
  }

  private final class Kept implements MediaPath.Sender {
    @Override
    public void rtcp(byte[] packet) {
      try {
        rtcp.add(RtcpPacket.parse(ByteBuffer.wrap(packet)));
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public int rtp(byte[] packet, int length) {
      rtp.add(packet.clone());
      return length;
    }

    @Override
    public void again(byte[] packet, int length) {
      again.add(packet);
    }
  }

  private SendPath path(int frames) {
    SendPath path =
        new SendPath(
            vertx,
            PeerSettings.defaults(),
            new Reading(frames),
            null,
            Optional.empty(),
            InstantSource.system(),
            new Random(1),
            metrics);
    RtpFormat opus = new RtpFormat(111, "OPUS", 48_000, 2, Map.of());
    path.plans(
        List.of(
            new MediaPlan(
                "0",
                "audio",
                opus,
                OptionalInt.empty(),
                true,
                false,
                false,
                false,
                Map.of(),
                List.of(),
                OURS,
                false)));
    path.connected(new Kept());
    return path;
  }

  @Test
  void aViewerIsToldThatTheStreamLeaves() {
    SendPath path = path(3);
    assertThat(rtp).hasSize(3);
    path.close(Feed.End.SERVER_ENDED);
    path.close(Feed.End.SERVER_ENDED);
    assertThat(rtcp).hasSize(1);
    assertThat(rtcp.getFirst().get(1)).isEqualTo(RtcpPacket.named(OURS, "millrace"));
    assertThat(rtcp.getFirst().getLast()).isEqualTo(new RtcpPacket.Bye(List.of(OURS), ""));
  }

  @Test
  void whoNeverSentAnythingDoesNotLeave() {
    path(0).close(Feed.End.SERVER_ENDED);
    assertThat(rtcp).isEmpty();
  }

  @Test
  void packetsThatAViewerMissesAreSentAgain() {
    SendPath path = path(3);
    int second = ByteBuffer.wrap(rtp.get(1)).getShort(2) & 0xffff;
    byte[] nack = RtcpPacket.bytes(new RtcpPacket.Nack(1, OURS, List.of(second, second + 9)));
    path.rtcp(nack, nack.length, 0);
    assertThat(again).containsExactly(rtp.get(1));
    byte[] other = RtcpPacket.bytes(new RtcpPacket.Nack(1, OURS + 1, List.of(second)));
    path.rtcp(other, other.length, 0);
    path.rtcp(nack, nack.length - 1, 0);
    assertThat(again).hasSize(1);
    assertThat(metrics.strayPackets.sum()).as("a packet that is cut").isEqualTo(1);
    path.close(Feed.End.SERVER_ENDED);
  }
}
