package io.millrace.ingest.rtsp.server;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.rtp.clock.CaptureClock;
import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.ingest.rtp.payload.AccessUnit;
import io.millrace.ingest.rtp.payload.PayloadFormats;
import io.millrace.ingest.rtp.payload.RtpFormat;
import io.millrace.ingest.rtp.receive.ReceiverListener;
import io.millrace.ingest.rtp.receive.ReceiverSettings;
import io.millrace.ingest.rtp.receive.RtpReceiver;
import io.millrace.ingest.sdp.MediaDescription;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One media section that an encoder announced. */
final class PushTrack implements MediaTransport.Receiver, ReceiverListener {
  private final int number;
  private final MediaDescription media;
  private final Optional<RtpFormat> format;
  private final RtspEnvironment environment;
  private final ArrivalTime arrival;
  private final int ssrc;
  private @Nullable MediaTransport transport;
  private @Nullable RtpReceiver receiver;
  private @Nullable Feed feed;

  /** What came since it was told to the metrics, which cost more than the rest of a packet. */
  private long packets;

  private long bytes;

  /**
   * @param number 1 or above
   * @param arrival when a packet that is handed in came
   */
  PushTrack(int number, MediaDescription media, RtspEnvironment environment, ArrivalTime arrival) {
    this.number = number;
    this.media = media;
    this.environment = environment;
    this.arrival = arrival;
    ssrc = environment.random().nextInt();
    format = media.rtpFormats().stream().filter(PayloadFormats::supports).findFirst();
  }

  MediaDescription media() {
    return media;
  }

  /** Whether its media can be stored; if not they are accepted and dropped. */
  boolean isStorable() {
    return format.isPresent();
  }

  boolean isSetUp() {
    return transport != null;
  }

  boolean isOrdered() {
    return transport == null || transport.ordered();
  }

  void transport(MediaTransport chosen) {
    transport = chosen;
  }

  /** Media flow from now on. */
  void start(Feed into) {
    if (format.isPresent() && transport != null) {
      feed = into;
      into.track(PayloadFormats.track(number, format.get()));
      ReceiverSettings datagrams = environment.settings().datagrams();
      receiver =
          new RtpReceiver(
              format.get(),
              transport.ordered() ? ReceiverSettings.ordered() : datagrams,
              new CaptureClock(format.get().clockRate(), environment.settings().clock()),
              this);
    }
  }

  @Override
  public void rtp(ByteBuffer packet) {
    count(packet);
    if (receiver != null) {
      receiver.packet(packet, arrival.nanos(), arrival.epochNanos());
    }
  }

  @Override
  public void rtcp(ByteBuffer compound) {
    count(compound);
    if (receiver != null) {
      receiver.rtcp(compound, arrival.nanos(), arrival.epochNanos());
    }
  }

  private void count(ByteBuffer packet) {
    packets++;
    bytes += packet.remaining();
  }

  /** Tells the metrics what came; to be called every second or so. */
  void publishCounts() {
    environment.metrics().packetsReceived.add(packets);
    environment.metrics().bytesReceived.add(bytes);
    packets = 0;
    bytes = 0;
  }

  @Override
  public void frame(AccessUnit unit, CaptureTime time) {
    if (feed != null) {
      feed.frame(number, time, unit.keyframe(), unit.data());
    }
  }

  @Override
  public void lost(long fromNanos, long toNanos, int packets, String reason) {
    environment.metrics().packetsLost.add(packets);
    if (feed != null) {
      feed.lost(number, fromNanos, toNanos, packets, reason);
    }
  }

  @Override
  public void keyframeWanted() {
    // RTSP pushers have no feedback that asks for one; the next comes in its turn.
  }

  void tick(long nowNanos) {
    if (receiver != null) {
      receiver.tick(nowNanos);
    }
  }

  void report(long nowNanos) {
    if (receiver != null && transport != null) {
      MediaTransport to = transport;
      receiver
          .receptionReport(nowNanos)
          .ifPresent(
              report -> {
                to.sendRtcp(ByteBuffer.wrap(report.receiverReport(ssrc)));
                var unused = to.flush();
              });
    }
  }

  /** Gives out what is complete, and closes the transport. */
  void end() {
    if (transport != null) {
      transport.drain();
    }
    publishCounts();
    if (receiver != null) {
      receiver.end();
      receiver = null;
    }
    if (transport != null) {
      transport.close();
    }
  }
}
