package io.millrace.ingest.webrtc.peer;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.outbound.FrameReading.OutFrame;
import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.ingest.rtp.packet.MalformedPacket;
import io.millrace.ingest.rtp.packet.RtpPacket;
import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import io.millrace.ingest.webrtc.negotiation.MediaPlan;
import io.millrace.ingest.webrtc.talk.Conversation;
import io.millrace.ingest.webrtc.talk.Talker;
import io.millrace.media.track.Track;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.time.InstantSource;

/** A viewer's own sound on its way into a conversation. On the peer's event loop. */
final class ViewerVoice {
  private final Vertx vertx;
  private final PeerSettings settings;
  private final WebRtcMetrics metrics;
  private final Talker talker;
  private final IncomingTrack track;
  private long timer = -1;

  /** Says what comes in order; times mean nothing, since a conversation is now. */
  private record Spoken(Talker talker) implements Feed {
    @Override
    public void track(Track declared) {}

    @Override
    public void frame(int number, CaptureTime time, boolean keyframe, ByteBuffer data) {
      talker.speak(data, System.nanoTime());
    }

    @Override
    public void lost(int number, long fromNanos, long toNanos, int packets, String reason) {}

    @Override
    public void end(End reason) {}

    @Override
    public boolean isBehind() {
      return false;
    }
  }

  ViewerVoice(
      MediaPlan plan,
      Conversation conversation,
      Vertx vertx,
      PeerSettings settings,
      InstantSource clock,
      WebRtcMetrics metrics) {
    this.vertx = vertx;
    this.settings = settings;
    this.metrics = metrics;
    talker = conversation.join();
    track =
        new IncomingTrack(
            plan,
            1,
            plan.ownSource(),
            new Spoken(talker),
            settings.withReorderWait(conversation.settings().reorderWait()),
            clock,
            metrics);
  }

  /** Packets will come from now on. */
  void connected() {
    timer =
        vertx.setPeriodic(
            settings.feedbackInterval().toMillis(), id -> track.expire(System.nanoTime()));
  }

  /** An RTP packet; taken. */
  void rtp(byte[] packet, int length, long arrivalNanos) {
    try {
      track.packet(RtpPacket.parse(ByteBuffer.wrap(packet, 0, length)), arrivalNanos, false);
    } catch (MalformedPacket e) {
      metrics.strayPackets.increment();
    }
  }

  /** An RTCP compound; borrowed. */
  void rtcp(byte[] packet, int length, long arrivalNanos) {
    track.control(ByteBuffer.wrap(packet, 0, length), arrivalNanos);
  }

  /** A report of what came; nothing before the first packet. */
  byte[] report() {
    return track.report(System.nanoTime());
  }

  /** What the viewer is sent for a frame of the stream's sound. */
  OutFrame hear(OutFrame frame) {
    ByteBuffer data = talker.hear(frame.data());
    return data == null
        ? frame
        : new OutFrame(
            frame.track(), frame.captureNanos(), frame.keyframe(), frame.afterGap(), data);
  }

  void close() {
    vertx.cancelTimer(timer);
    talker.leave();
  }
}
