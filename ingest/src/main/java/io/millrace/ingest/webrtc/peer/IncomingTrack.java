package io.millrace.ingest.webrtc.peer;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.ingest.rtp.packet.RtpPacket;
import io.millrace.ingest.rtp.payload.AccessUnit;
import io.millrace.ingest.rtp.payload.Depacketizer;
import io.millrace.ingest.rtp.payload.DepacketizerSettings;
import io.millrace.ingest.rtp.payload.PayloadFormats;
import io.millrace.ingest.webrtc.feedback.ControlPackets;
import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import io.millrace.ingest.webrtc.negotiation.MediaPlan;
import io.millrace.ingest.webrtc.receive.ArrivalClock;
import io.millrace.ingest.webrtc.receive.ReceptionStatistics;
import io.millrace.ingest.webrtc.receive.SequenceBuffer;
import io.millrace.media.track.ClockSource;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** One section's packets on their way into the feed: in order, then put together to frames. */
final class IncomingTrack implements SequenceBuffer.Sink, Depacketizer.Sink {
  private static final byte[] NOTHING = new byte[0];
  private static final String NAME = "millrace";

  /** Another source of the section is heeded only after so long a silence of the one heard. */
  private static final long SOURCE_SILENT_NANOS = 1_000_000_000L;

  /** What the way through the network adds to capture times at most, commonly. */
  private static final long ERROR_NANOS = 100_000_000L;

  private final MediaPlan plan;
  private final int number;
  private final int ownSource;
  private final Feed feed;
  private final PeerSettings settings;
  private final InstantSource clock;
  private final WebRtcMetrics metrics;
  private final SequenceBuffer buffer;
  private final Depacketizer depacketizer;
  private final ArrivalClock captures;
  private ReceptionStatistics statistics;
  private boolean hasSource;
  private int source;
  private long heardNanos;
  private long timestamp;
  private boolean hasTimestamp;
  private boolean declared;
  private boolean keyframeWanted;
  private boolean asked;
  private long askedNanos;
  private long lastCapture = Long.MIN_VALUE;
  private long keyframeNanos = System.nanoTime();
  private int lostPackets;
  private String lostReason = "";

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
    buffer = new SequenceBuffer(settings.reorderWait().toNanos());
    depacketizer = PayloadFormats.depacketizer(plan.format(), DepacketizerSettings.defaults());
    captures = new ArrivalClock(plan.format().clockRate());
    statistics = new ReceptionStatistics(plan.format().clockRate());
    // Media may begin anywhere; only a keyframe can be stored first.
    keyframeWanted = plan.isVideo();
  }

  MediaPlan plan() {
    return plan;
  }

  boolean hasSource() {
    return hasSource;
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
    if (!hasSource) {
      hasSource = true;
      source = packet.ssrc();
    } else if (packet.ssrc() != source) {
      if (arrivalNanos - heardNanos < SOURCE_SILENT_NANOS) {
        metrics.strayPackets.increment();
        return;
      }
      replaced(packet.ssrc());
    }
    heardNanos = arrivalNanos;
    statistics.arrived(packet, arrivalNanos, again);
    buffer.add(packet, arrivalNanos, this);
  }

  /** The sender began anew under another source. */
  private void replaced(int successor) {
    buffer.flush(this);
    depacketizer.flush(this);
    buffer.reset();
    statistics = new ReceptionStatistics(plan.format().clockRate());
    hasTimestamp = false;
    source = successor;
    wantKeyframe();
  }

  @Override
  public void packet(RtpPacket packet, int lostBefore) {
    if (lostBefore > 0) {
      lostPackets += lostBefore;
      lostReason = "packets were lost on the way";
    }
    if (hasTimestamp) {
      timestamp += (int) (packet.timestamp() - timestamp);
    } else {
      timestamp = 0x100000000L + packet.timestamp();
      hasTimestamp = true;
    }
    depacketizer.packet(packet, timestamp, lostBefore > 0, this);
  }

  @Override
  public void unit(AccessUnit unit) {
    if (!declared) {
      declared = true;
      feed.track(PayloadFormats.track(number, plan.format()));
    }
    Instant now = clock.instant();
    long capture =
        captures.captureNanos(
            unit.timestamp(), now.getEpochSecond() * 1_000_000_000L + now.getNano());
    if (!lostReason.isEmpty()) {
      if (lastCapture != Long.MIN_VALUE) {
        feed.lost(number, lastCapture, Math.max(lastCapture, capture), lostPackets, lostReason);
      }
      lostPackets = 0;
      lostReason = "";
      if (!unit.keyframe()) {
        wantKeyframe();
      }
    }
    if (unit.keyframe()) {
      keyframeWanted = false;
      keyframeNanos = System.nanoTime();
    }
    lastCapture = capture;
    feed.frame(
        number,
        new CaptureTime(capture, ClockSource.SERVER, ERROR_NANOS, false),
        unit.keyframe(),
        unit.data());
  }

  @Override
  public void dropped(long droppedTimestamp, String reason) {
    if (lostReason.isEmpty()) {
      lostReason = reason;
    }
    wantKeyframe();
  }

  private void wantKeyframe() {
    keyframeWanted = plan.isVideo();
  }

  /** An RTCP compound; borrowed. */
  void control(ByteBuffer rtcp, long arrivalNanos) {
    if (hasSource) {
      statistics.control(rtcp, source, arrivalNanos);
    }
  }

  /** Gives up what was waited for long enough. */
  void expire(long nowNanos) {
    buffer.expire(nowNanos, this);
  }

  /** The request for lost packets that is due, or nothing. */
  byte[] nack(long nowNanos) {
    List<Integer> wanted = plan.nack() ? buffer.toAskFor(nowNanos) : List.of();
    return wanted.isEmpty() ? NOTHING : ControlPackets.nack(ownSource, source, wanted);
  }

  /** The request for a keyframe that is due, or nothing. */
  byte[] keyframeRequest(long nowNanos) {
    if (plan.isVideo() && nowNanos - keyframeNanos > settings.keyframePeriod().toNanos()) {
      // Browsers send none by themselves, and nobody could begin to watch, or seek.
      keyframeWanted = true;
    }
    boolean due = !asked || nowNanos - askedNanos >= settings.keyframeInterval().toNanos();
    if (!keyframeWanted || !hasSource || !plan.keyframeRequests() || !due) {
      return NOTHING;
    }
    asked = true;
    askedNanos = nowNanos;
    metrics.keyframeRequests.increment();
    return ControlPackets.pictureLoss(ownSource, source);
  }

  /** A receiver report with the name that must go with it. */
  byte[] report(long nowNanos) {
    byte[] report = statistics.report(ownSource, source, buffer.highest(), nowNanos);
    byte[] name = ControlPackets.sourceDescription(ownSource, NAME);
    byte[] compound = new byte[report.length + name.length];
    System.arraycopy(report, 0, compound, 0, report.length);
    System.arraycopy(name, 0, compound, report.length, name.length);
    return compound;
  }

  double lossFraction() {
    return statistics.lossFraction();
  }

  /** Nothing more comes: gives out what is complete. */
  void flush() {
    buffer.flush(this);
    depacketizer.flush(this);
  }
}
