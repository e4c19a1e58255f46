package io.millrace.ingest.webrtc.peer;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.outbound.FrameReading;
import io.millrace.ingest.outbound.FrameReading.OutFrame;
import io.millrace.ingest.rtp.packet.MalformedPacket;
import io.millrace.ingest.rtp.packet.RtcpPacket;
import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import io.millrace.ingest.webrtc.negotiation.MediaPlan;
import io.millrace.ingest.webrtc.negotiation.SendChoice;
import io.millrace.ingest.webrtc.talk.Conversation;
import io.millrace.media.track.Track;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A stream on its way to one viewer: frames as they come, sender reports, lost packets again. A
 * keyframe cannot be made here; a viewer that asks for one gets the stream's next. A viewer that
 * may talk is listened to.
 */
final class SendPath implements MediaPath {
  private final Vertx vertx;
  private final PeerSettings settings;
  private final FrameReading reading;
  private final Optional<Conversation> conversation;
  private final WebRtcPeer peer;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final WebRtcMetrics metrics;
  private final SendTimeline timeline = new SendTimeline();
  private final Map<Integer, OutgoingTrack> outgoing = new HashMap<>();
  private List<MediaPlan> plans = List.of();
  private @Nullable Sender viewer;
  private @Nullable ViewerVoice voice;
  private long timer = -1;
  private int resendsLeft;
  private boolean closed;

  /**
   * @param conversation in which the viewer may talk
   */
  SendPath(
      Vertx vertx,
      PeerSettings settings,
      FrameReading reading,
      WebRtcPeer peer,
      Optional<Conversation> conversation,
      InstantSource clock,
      RandomGenerator random,
      WebRtcMetrics metrics) {
    this.vertx = vertx;
    this.settings = settings;
    this.reading = reading;
    this.peer = peer;
    this.conversation = conversation;
    this.clock = clock;
    this.random = random;
    this.metrics = metrics;
  }

  /** What of these tracks a viewer can be sent. */
  static SendChoice choice(List<Track> tracks) {
    String video = "";
    String profile = "";
    String audio = "";
    for (Track track : tracks) {
      Optional<String> encoding = OutgoingFormats.encoding(track);
      if (track.type() == Track.TrackType.VIDEO && video.isEmpty() && encoding.isPresent()) {
        video = encoding.get();
        profile = OutgoingFormats.profile(track);
      } else if (track.type() == Track.TrackType.AUDIO && audio.isEmpty()) {
        audio = encoding.orElse("");
      }
    }
    return new SendChoice(video, profile, audio);
  }

  /**
   * What a viewer is offered of these tracks. Where one kind is not there yet, what cameras of
   * signaling channels send of it is offered, so that it can set in later.
   */
  static SendChoice offered(List<Track> tracks) {
    SendChoice there = choice(tracks);
    boolean video = tracks.stream().anyMatch(each -> each.type() == Track.TrackType.VIDEO);
    boolean audio = tracks.stream().anyMatch(each -> each.type() == Track.TrackType.AUDIO);
    return new SendChoice(
        video ? there.videoEncoding() : "H264",
        video ? there.profile() : OutgoingFormats.BASELINE,
        audio ? there.audioEncoding() : "OPUS");
  }

  @Override
  public void plans(List<MediaPlan> agreed) {
    plans = agreed;
    for (MediaPlan plan : agreed) {
      if (conversation.isPresent() && plan.bothWays() && plan.format().encoding().equals("OPUS")) {
        voice = new ViewerVoice(plan, conversation.get(), vertx, settings, clock, metrics);
      }
    }
  }

  @Override
  public void connected(Sender sender) {
    if (closed) {
      return;
    }
    viewer = sender;
    for (Track track : reading.tracks()) {
      var unused = outgoing(track, sender);
    }
    resendsLeft = settings.historyPackets();
    timer = vertx.setPeriodic(settings.reportInterval().toMillis(), id -> report(sender));
    if (voice != null) {
      voice.connected();
    }
    pump(sender);
  }

  /**
   * The way of a track, made with its first frame where it was not known at the beginning, as sound
   * that sets in late is not; null for one that the viewer did not agree to.
   */
  private @Nullable OutgoingTrack outgoing(Track track, Sender sender) {
    OutgoingTrack known = outgoing.get(track.number());
    String encoding = OutgoingFormats.encoding(track).orElse("");
    if (known != null) {
      return known.plan().format().encoding().equals(encoding) ? known : null;
    }
    String kind = track.type() == Track.TrackType.VIDEO ? "video" : "audio";
    for (MediaPlan plan : plans) {
      if (plan.kind().equals(kind)
          && plan.format().encoding().equals(encoding)
          && outgoing.values().stream().noneMatch(each -> each.plan().equals(plan))) {
        OutgoingTrack made = new OutgoingTrack(plan, sender, settings.historyPackets(), random);
        outgoing.put(track.number(), made);
        return made;
      }
    }
    return null;
  }

  /** Sends frames until one has to be waited for. */
  private void pump(Sender sender) {
    while (!closed) {
      Future<@Nullable OutFrame> next = reading.next();
      if (!next.isComplete()) {
        next.onComplete(
            done -> {
              if (take(done.succeeded(), done.result(), sender)) {
                pump(sender);
              }
            });
        return;
      }
      if (!take(next.succeeded(), next.result(), sender)) {
        return;
      }
    }
  }

  private boolean take(boolean read, @Nullable OutFrame frame, Sender sender) {
    if (closed) {
      return false;
    }
    if (!read || frame == null) {
      peer.end(Feed.End.SERVER_ENDED, "the stream ended");
      return false;
    }
    OutgoingTrack track = outgoing(frame.track(), sender);
    if (track != null) {
      send(track, frame);
    }
    return true;
  }

  private boolean hasVideo() {
    return outgoing.values().stream().anyMatch(each -> each.plan().isVideo());
  }

  private void send(OutgoingTrack track, OutFrame frame) {
    if (track.plan().isVideo() || !hasVideo()) {
      timeline.frame(frame.captureNanos(), System.nanoTime());
    } else if (!timeline.isLive()) {
      // Sound cannot be squeezed; it begins where real time does.
      return;
    }
    OutFrame sent = voice == null || track.plan().isVideo() ? frame : voice.hear(frame);
    track.send(sent, timeline.presentationNanos(frame.captureNanos()));
  }

  private void report(Sender sender) {
    resendsLeft = settings.historyPackets();
    if (voice != null) {
      byte[] report = voice.report();
      if (report.length > 0) {
        sender.rtcp(report);
      }
    }
    if (timeline.isLive()) {
      outgoing.values().forEach(each -> sender.rtcp(RtcpPacket.bytes(report(each), named(each))));
    }
  }

  private RtcpPacket report(OutgoingTrack track) {
    Instant now = clock.instant();
    long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
    return track.senderReport(nanos, timeline.presentationNanos(nanos));
  }

  private static RtcpPacket named(OutgoingTrack track) {
    return RtcpPacket.named(track.plan().ownSource(), RtcpPacket.OWN_NAME);
  }

  /** Tells the viewer that nothing more comes (RFC 3550 section 6.6). */
  private void leave(Sender sender) {
    for (OutgoingTrack each : outgoing.values()) {
      if (each.began()) {
        RtcpPacket bye = new RtcpPacket.Bye(List.of(each.plan().ownSource()), "");
        RtcpPacket first =
            timeline.isLive()
                ? report(each)
                : new RtcpPacket.ReceiverReport(each.plan().ownSource(), List.of());
        sender.rtcp(RtcpPacket.bytes(first, named(each), bye));
      }
    }
  }

  @Override
  public void rtp(byte[] packet, int length, long arrivalNanos) {
    // Others that send media are not listened to.
    if (voice != null) {
      voice.rtp(packet, length, arrivalNanos);
    }
  }

  @Override
  public void rtcp(byte[] packet, int length, long arrivalNanos) {
    List<RtcpPacket> packets;
    try {
      packets = RtcpPacket.parse(ByteBuffer.wrap(packet, 0, length));
    } catch (MalformedPacket e) {
      metrics.strayPackets.increment();
      return;
    }
    if (voice != null) {
      voice.rtcp(packet, length, arrivalNanos);
    }
    for (RtcpPacket each : packets) {
      if (each instanceof RtcpPacket.Nack nack) {
        resend(nack);
      }
    }
  }

  private void resend(RtcpPacket.Nack nack) {
    for (OutgoingTrack each : outgoing.values()) {
      if (each.plan().ownSource() == nack.media()) {
        for (int sequence : nack.sequences()) {
          // What is sent for a few bytes must not grow without end.
          if (resendsLeft > 0 && each.resend(sequence)) {
            resendsLeft--;
            metrics.retransmissionsSent.increment();
          }
        }
      }
    }
  }

  @Override
  public void close(Feed.End reason) {
    if (!closed) {
      closed = true;
      vertx.cancelTimer(timer);
      if (viewer != null) {
        leave(viewer);
      }
      if (voice != null) {
        voice.close();
      }
      reading.close();
    }
  }
}
