package io.millrace.ingest.rtsp.server;

import io.millrace.ingest.outbound.FrameReading.OutFrame;
import io.millrace.ingest.rtp.packet.RtcpPacket;
import io.millrace.ingest.rtp.payload.PayloadFormats;
import io.millrace.ingest.rtp.payload.RtpFormat;
import io.millrace.ingest.rtp.send.RtpSender;
import io.millrace.ingest.sdp.MediaDescription;
import io.millrace.ingest.sdp.SdpAttribute;
import io.millrace.media.track.Track;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One track that is described to a reader, and sent once it is set up. */
final class PlayTrack implements MediaTransport.Receiver {

  private final Track track;
  private final RtpFormat format;
  private final RtspEnvironment environment;
  private @Nullable MediaTransport transport;
  private @Nullable RtpSender sender;
  private boolean left;

  /**
   * @throws IllegalArgumentException if frames of the track cannot be sent
   */
  PlayTrack(Track track, int payloadType, RtspEnvironment environment) {
    this.track = track;
    this.environment = environment;
    format = PayloadFormats.format(payloadType, track);
  }

  String control() {
    return "trackID=" + track.number();
  }

  MediaDescription description() {
    String kind = track.audio().isPresent() ? "audio" : "video";
    return MediaDescription.of(kind, format, List.of(new SdpAttribute("control", control())));
  }

  boolean isSetUp() {
    return transport != null;
  }

  boolean isUdp() {
    return transport != null && !transport.ordered();
  }

  void transport(MediaTransport chosen, boolean replayExtension) {
    transport = chosen;
    sender =
        new RtpSender(
            track,
            format.payloadType(),
            format.clockRate(),
            environment.settings().maxPacketBytes(),
            replayExtension,
            environment.random(),
            chosen::sendRtp);
  }

  int ssrc() {
    return sender == null ? 0 : sender.ssrc();
  }

  /** What PLAY is told of it: where its packets begin. */
  String info(String base, long captureNanos) {
    if (sender == null) {
      throw new IllegalStateException("a track that is not set up");
    }
    return "url=%s/%s;seq=%d;rtptime=%d"
        .formatted(base, control(), sender.nextSequence(), sender.timestamp(captureNanos));
  }

  /** Whether the frame is one of this track, in the codec that was described. */
  boolean takes(OutFrame frame) {
    return sender != null
        && frame.track().number() == track.number()
        && frame.track().codecId().equals(track.codecId());
  }

  /** Sends a frame; completes when there is room for the next. */
  Future<Void> send(OutFrame frame) {
    if (sender == null || transport == null) {
      return Future.succeededFuture();
    }
    left = false;
    sender.frame(
        frame.track(), frame.captureNanos(), frame.keyframe(), frame.afterGap(), frame.data());
    return transport.flush();
  }

  void report() {
    if (sender != null && transport != null) {
      byte[] report = sender.senderReport(RtcpPacket.OWN_NAME);
      if (report != null) {
        transport.sendRtcp(ByteBuffer.wrap(report));
        var unused = transport.flush();
      }
    }
  }

  /** Tells that nothing more comes, once after the last frame. */
  void bye() {
    if (sender != null && transport != null && !left) {
      byte[] goodbye = sender.goodbye(RtcpPacket.OWN_NAME);
      if (goodbye != null) {
        left = true;
        transport.sendRtcp(ByteBuffer.wrap(goodbye));
        var unused = transport.flush();
      }
    }
  }

  @Override
  public void rtp(ByteBuffer packet) {
    // Readers that open a firewall send a packet or two.
    environment.metrics().packetsReceived.increment();
  }

  @Override
  public void rtcp(ByteBuffer compound) {
    environment.metrics().packetsReceived.increment();
    environment.metrics().bytesReceived.add(compound.remaining());
  }

  void end() {
    if (transport != null) {
      transport.close();
    }
  }
}
