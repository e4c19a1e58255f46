package io.millrace.ingest.webrtc.peer;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.rtp.clock.CaptureClock;
import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.ingest.rtp.packet.ReceptionReport;
import io.millrace.ingest.rtp.packet.RtcpPacket;
import io.millrace.ingest.rtp.packet.RtpPacket;
import io.millrace.ingest.rtp.payload.AccessUnit;
import io.millrace.ingest.rtp.payload.PayloadFormats;
import io.millrace.ingest.rtp.receive.ReceiverListener;
import io.millrace.ingest.rtp.receive.RtpReceiver;
import io.millrace.ingest.webrtc.feedback.RepeatRequests;
import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import io.millrace.ingest.webrtc.negotiation.MediaPlan;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * One section's packets on their way into the feed, and what the sender is asked for on that way:
 * lost packets, keyframes.
 */
final class IncomingTrack implements ReceiverListener {
  private static final byte[] NOTHING = new byte[0];

  /** Another source of the section is heeded only after so long a silence of the one heard. */
  private static final long SOURCE_SILENT_NANOS = 1_000_000_000L;

  private static final double FRACTIONS = 256;

  private final MediaPlan plan;
  private final int number;
  private final int ownSource;
  private final Feed feed;
  private final PeerSettings settings;
  private final InstantSource clock;
  private final WebRtcMetrics metrics;
  private final RtpReceiver receiver;
  private final ReportCheck reports;
  private final RepeatRequests repeats = new RepeatRequests();
  private int source;
  private long heardNanos;
  private boolean declared;
  private boolean keyframeWanted;
  private boolean asked;
  private long askedNanos;
  private long keyframeNanos = System.nanoTime();
  private double lossFraction;

  /**
   * @param number of the track in the feed
   * @param ownSource ours, in what we report
   */
  IncomingTrack(
      MediaPlan plan,
      int number,
      int ownSource,
      Feed feed,
      PeerSettings settings,
      InstantSource clock,
      WebRtcMetrics metrics) {
    this.plan = plan;
    this.number = number;
    this.ownSource = ownSource;
    this.feed = feed;
    this.settings = settings;
    this.clock = clock;
    this.metrics = metrics;
    receiver =
        new RtpReceiver(
            plan.format(),
            settings.receiver(),
            new CaptureClock(plan.format().clockRate(), settings.clock()),
            this);
    reports = new ReportCheck(plan.format().clockRate());
    // Media may begin anywhere; only a keyframe can be stored first.
    keyframeWanted = plan.isVideo();
  }

  MediaPlan plan() {
    return plan;
  }

  boolean hasSource() {
    return receiver.ssrc().isPresent();
  }

  int source() {
    return source;
  }

  /**
   * A packet of the section.
   *
   * @param again whether by retransmission
   */
  void packet(RtpPacket packet, long arrivalNanos, boolean again) {
    boolean other = hasSource() && packet.ssrc() != source;
    if (other && arrivalNanos - heardNanos < SOURCE_SILENT_NANOS) {
      metrics.strayPackets.increment();
      return;
    }
    if (again) {
      receiver.repeated(packet, arrivalNanos, epochNanos());
    } else {
      receiver.packet(packet, arrivalNanos, epochNanos());
    }
    int heard = receiver.ssrc().orElse(source);
    if (heard != source) {
      // The first, or the sender began anew under another source.
      source = heard;
      keyframeWanted();
    }
    if (packet.ssrc() == source) {
      heardNanos = arrivalNanos;
      if (!again) {
        reports.packet(packet, arrivalNanos);
      }
    }
  }

  private long epochNanos() {
    Instant now = clock.instant();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  @Override
  public void frame(AccessUnit unit, CaptureTime time) {
    if (!declared) {
      declared = true;
      feed.track(PayloadFormats.track(number, plan.format()));
    }
    if (unit.keyframe()) {
      keyframeWanted = false;
      keyframeNanos = System.nanoTime();
    }
    feed.frame(number, time, unit.keyframe(), unit.data());
  }

  @Override
  public void lost(long fromNanos, long toNanos, int packets, String reason) {
    feed.lost(number, fromNanos, toNanos, packets, reason);
  }

  @Override
  public void keyframeWanted() {
    keyframeWanted = plan.isVideo();
  }

  /** An RTCP compound; borrowed. */
  void control(ByteBuffer rtcp, long arrivalNanos) {
    long before = reports.leftOut();
    receiver.rtcp(reports.believable(rtcp, arrivalNanos), arrivalNanos, epochNanos());
    metrics.misleadingReports.add(reports.leftOut() - before);
  }

  /** Gives up what was waited for long enough. */
  void expire(long nowNanos) {
    receiver.tick(nowNanos);
  }

  /** The request for lost packets that is due, or nothing. */
  byte[] nack(long nowNanos) {
    List<Integer> wanted =
        plan.nack() ? repeats.due(receiver.missing(RepeatRequests.MAX_NAMED), nowNanos) : List.of();
    return wanted.isEmpty()
        ? NOTHING
        : RtcpPacket.bytes(new RtcpPacket.Nack(ownSource, source, wanted));
  }

  /** The request for a keyframe that is due, or nothing. */
  byte[] keyframeRequest(long nowNanos) {
    if (plan.isVideo() && nowNanos - keyframeNanos > settings.keyframePeriod().toNanos()) {
      // Browsers send none by themselves, and nobody could begin to watch, or seek.
      keyframeWanted = true;
    }
    boolean due = !asked || nowNanos - askedNanos >= settings.keyframeInterval().toNanos();
    if (!keyframeWanted || !hasSource() || !plan.keyframeRequests() || !due) {
      return NOTHING;
    }
    asked = true;
    askedNanos = nowNanos;
    metrics.keyframeRequests.increment();
    return RtcpPacket.bytes(new RtcpPacket.Pli(ownSource, source));
  }

  /** A receiver report with the name that must go with it; nothing before the first packet. */
  byte[] report(long nowNanos) {
    Optional<ReceptionReport> counted = receiver.receptionReport(nowNanos);
    if (counted.isEmpty()) {
      return NOTHING;
    }
    lossFraction = counted.get().fractionLost() / FRACTIONS;
    return counted.get().receiverReport(ownSource);
  }

  /** Share of the packets expected between the last two reports that did not come, 0 to 1. */
  double lossFraction() {
    return lossFraction;
  }

  /** Nothing more comes: gives out what is complete. */
  void flush() {
    receiver.end();
  }
}
