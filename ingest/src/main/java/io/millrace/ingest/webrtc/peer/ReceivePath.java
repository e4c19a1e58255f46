package io.millrace.ingest.webrtc.peer;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.rtp.packet.ExtensionElement;
import io.millrace.ingest.rtp.packet.MalformedPacket;
import io.millrace.ingest.rtp.packet.RtpPacket;
import io.millrace.ingest.webrtc.feedback.BandwidthLimit;
import io.millrace.ingest.webrtc.feedback.TransportFeedback;
import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import io.millrace.ingest.webrtc.negotiation.HeaderExtension;
import io.millrace.ingest.webrtc.negotiation.MediaPlan;
import io.millrace.ingest.webrtc.talk.Conversation;
import io.millrace.ingest.webrtc.talk.MixedFeed;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A peer's media on its way into a stream: each packet to its section, what it tells about the
 * network back to the sender, so that the sender sends as much as the network takes. The master of
 * a conversation hears the others on the way back.
 */
final class ReceivePath implements MediaPath {
  private static final int VIDEO_TRACK = 1;
  private static final int AUDIO_TRACK = 2;
  private static final int RETRANSMISSION_HEADER_BYTES = 2;

  private final Vertx vertx;
  private final PeerSettings settings;
  private final Context context;
  private final Optional<Conversation> conversation;
  private final InstantSource clock;
  private final WebRtcMetrics metrics;
  private final RandomGenerator random;
  private final int ownSource;
  private final TransportFeedback arrivals = new TransportFeedback(System.nanoTime());
  private final BandwidthLimit limit;
  private final List<IncomingTrack> tracks = new ArrayList<>();
  private SourceTable sources = new SourceTable(List.of());
  private Feed feed;
  private @Nullable MediaPlan earPlan;
  private @Nullable MasterEar ear;
  private @Nullable Sender sender;
  private long timer = -1;
  private long reportedNanos = System.nanoTime();
  private long intervalBytes;
  private int anySource;
  private boolean remb;
  private boolean closed;

  /**
   * @param conversation that the peer is the master of
   */
  ReceivePath(
      Vertx vertx,
      Context context,
      PeerSettings settings,
      Feed feed,
      Optional<Conversation> conversation,
      InstantSource clock,
      WebRtcMetrics metrics,
      RandomGenerator random) {
    this.vertx = vertx;
    this.context = context;
    this.conversation = conversation;
    this.random = random;
    this.settings = settings;
    this.feed = feed;
    this.clock = clock;
    this.metrics = metrics;
    ownSource = random.nextInt();
    limit = new BandwidthLimit(settings.startBitrate(), settings.maxBitrate());
  }

  @Override
  public void plans(List<MediaPlan> plans) {
    sources = new SourceTable(plans);
    for (MediaPlan plan : plans) {
      if (conversation.isPresent() && plan.format().encoding().equals("OPUS")) {
        feed = new MixedFeed(feed, context, conversation.get(), AUDIO_TRACK, this::hear);
        earPlan = plan.bothWays() ? plan : null;
      }
    }
    for (MediaPlan plan : plans) {
      // The same for each sender of a stream, whatever it sends: readers go on where one follows
      // another.
      int number = plan.isVideo() ? VIDEO_TRACK : AUDIO_TRACK;
      tracks.add(new IncomingTrack(plan, number, ownSource, feed, settings, clock, metrics));
      // A sender that gets arrival times knows better than any limit of ours.
      remb |= plan.remb() && !plan.transportFeedback();
    }
  }

  @Override
  public void connected(Sender opened) {
    if (!closed) {
      sender = opened;
      ear = earPlan == null ? null : new MasterEar(earPlan, opened, random);
      timer = vertx.setPeriodic(settings.feedbackInterval().toMillis(), id -> tick(opened));
    }
  }

  private void hear(ByteBuffer opus) {
    if (ear != null && !closed) {
      ear.hear(opus, System.nanoTime());
    }
  }

  @Override
  public void rtp(byte[] bytes, int length, long arrivalNanos) {
    RtpPacket packet;
    try {
      packet = RtpPacket.parse(ByteBuffer.wrap(bytes, 0, length));
    } catch (MalformedPacket e) {
      metrics.strayPackets.increment();
      return;
    }
    intervalBytes += length;
    SourceTable.Source source = sources.of(packet);
    if (source == null) {
      metrics.strayPackets.increment();
      return;
    }
    anySource = packet.ssrc();
    Integer number = source.plan().extensions().get(HeaderExtension.TRANSPORT_SEQUENCE);
    if (number != null) {
      int sequence = ExtensionElement.uint16(packet, number);
      if (sequence >= 0) {
        arrivals.arrived(sequence, arrivalNanos);
      }
    }
    for (IncomingTrack track : tracks) {
      if (track.plan().equals(source.plan())) {
        RtpPacket original = source.retransmission() ? original(packet, track) : packet;
        if (original != null) {
          track.packet(original, arrivalNanos, source.retransmission());
        }
      }
    }
    askForKeyframes();
  }

  /** The packet that a retransmission repeats (RFC 4588 section 4); null for one without any. */
  private @Nullable RtpPacket original(RtpPacket again, IncomingTrack track) {
    ByteBuffer payload = again.payload();
    if (payload.remaining() <= RETRANSMISSION_HEADER_BYTES || !track.hasSource()) {
      return null;
    }
    metrics.retransmissionsReceived.increment();
    int at = payload.position();
    return new RtpPacket(
        again.marker(),
        track.plan().format().payloadType(),
        payload.getShort(at) & 0xffff,
        again.timestamp(),
        track.source(),
        again.extensionProfile(),
        again.extension(),
        payload.slice(
            at + RETRANSMISSION_HEADER_BYTES, payload.remaining() - RETRANSMISSION_HEADER_BYTES));
  }

  @Override
  public void rtcp(byte[] packet, int length, long arrivalNanos) {
    for (IncomingTrack track : tracks) {
      track.control(ByteBuffer.wrap(packet, 0, length), arrivalNanos);
    }
  }

  private void tick(Sender to) {
    long now = System.nanoTime();
    for (IncomingTrack track : tracks) {
      track.expire(now);
      byte[] nack = track.nack(now);
      if (nack.length > 0) {
        to.rtcp(nack);
      }
    }
    askForKeyframes();
    arrivals.report(ownSource, anySource).forEach(to::rtcp);
    if (now - reportedNanos >= settings.reportInterval().toNanos()) {
      report(to, now);
    }
  }

  private void askForKeyframes() {
    Sender to = sender;
    if (to != null) {
      for (IncomingTrack track : tracks) {
        byte[] request = track.keyframeRequest(System.nanoTime());
        if (request.length > 0) {
          to.rtcp(request);
        }
      }
    }
  }

  private void report(Sender to, long now) {
    List<Integer> known = new ArrayList<>();
    double worstLoss = 0;
    for (IncomingTrack track : tracks) {
      if (track.hasSource()) {
        known.add(track.source());
        to.rtcp(track.report(now));
        worstLoss = Math.max(worstLoss, track.lossFraction());
      }
    }
    if (remb && !known.isEmpty()) {
      long bits = (long) (8.0 * intervalBytes * 1e9 / Math.max(1, now - reportedNanos));
      limit.interval(bits, worstLoss);
      to.rtcp(limit.report(ownSource, known));
    }
    if (ear != null) {
      Instant time = clock.instant();
      ear.report(time.getEpochSecond() * 1_000_000_000L + time.getNano(), now);
    }
    reportedNanos = now;
    intervalBytes = 0;
  }

  @Override
  public void close(Feed.End reason) {
    if (!closed) {
      closed = true;
      vertx.cancelTimer(timer);
      if (ear != null) {
        ear.leave();
      }
      tracks.forEach(IncomingTrack::flush);
      feed.end(reason);
    }
  }
}
