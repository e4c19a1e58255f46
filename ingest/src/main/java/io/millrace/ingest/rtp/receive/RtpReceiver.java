package io.millrace.ingest.rtp.receive;

import io.millrace.ingest.rtp.clock.CaptureClock;
import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.ingest.rtp.packet.MalformedPacket;
import io.millrace.ingest.rtp.packet.NtpTime;
import io.millrace.ingest.rtp.packet.ReceptionReport;
import io.millrace.ingest.rtp.packet.RtcpPacket;
import io.millrace.ingest.rtp.packet.RtpPacket;
import io.millrace.ingest.rtp.payload.AccessUnit;
import io.millrace.ingest.rtp.payload.Depacketizer;
import io.millrace.ingest.rtp.payload.PayloadFormats;
import io.millrace.ingest.rtp.payload.RtpFormat;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One media section of a session: packets as the network brings them become frames in order with
 * their capture times, and what is missing is told. Lives on one event loop; bounded in memory.
 */
public final class RtpReceiver {
  /** How far an RTP clock may seem to be off after an outage by delays, and by drift. */
  private static final double OUTAGE_SLACK_NANOS = 1e9;

  private static final double OUTAGE_DRIFT = 0.06;

  private final RtpFormat format;
  private final CaptureClock clock;
  private final ReceiverListener listener;
  private final SequenceBuffer sequence;
  private final ReceptionStatistics statistics;
  private final LossSpans losses;
  private final SequenceBuffer.Sink inOrder = this::inOrder;
  private final Depacketizer.Sink frames = new FrameSink();
  private final boolean video;
  private final Depacketizer depacketizer;
  private final long reorderWindowNanos;
  private boolean begun;
  private boolean saidGoodbye;
  private int ssrc;
  private long lastTimestamp;
  private Arrival arrival = new Arrival(0, 0);

  private final NewSource renewal = new NewSource();
  private RtcpPacket.@Nullable SenderReport earlyReport;
  private Arrival earlyReportArrival = arrival;

  /** When a source that said good-bye has sent everything; monotonic. */
  private long endsNanos = Long.MAX_VALUE;

  /** Whether packets may be missing before the next, since numbers began anew. */
  private boolean headUnsure;

  /** Pictures of a new source mean nothing without the keyframe that they build on. */
  private boolean awaitsKeyframe;

  private long malformed;
  private long late;

  /**
   * @param format what the packets carry; others are ignored
   * @throws IllegalArgumentException if the format is not supported
   */
  public RtpReceiver(
      RtpFormat format, ReceiverSettings settings, CaptureClock clock, ReceiverListener listener) {
    this.format = format;
    this.clock = clock;
    this.listener = listener;
    sequence = new SequenceBuffer(settings);
    reorderWindowNanos = settings.reorderWindow().toNanos();
    statistics = new ReceptionStatistics(format.clockRate());
    losses = new LossSpans(format.clockRate(), listener);
    depacketizer = PayloadFormats.depacketizer(format, settings.frames());
    video = format.channels() == 0;
  }

  /**
   * Takes an RTP packet; what is no packet of this format is counted and ignored.
   *
   * @param datagram from position to limit; borrowed
   * @param arrivalNanos monotonic
   * @param arrivalEpochNanos server time, epoch ns
   */
  public void packet(ByteBuffer datagram, long arrivalNanos, long arrivalEpochNanos) {
    try {
      packet(RtpPacket.parse(datagram), arrivalNanos, arrivalEpochNanos);
    } catch (MalformedPacket e) {
      malformed++;
    }
  }

  /** The same for a packet that was taken apart already; its payload is borrowed. */
  public void packet(RtpPacket packet, long arrivalNanos, long arrivalEpochNanos) {
    if (packet.payloadType() != format.payloadType()) {
      malformed++;
      return;
    }
    accept(packet, new Arrival(arrivalNanos, arrivalEpochNanos), false);
  }

  /**
   * The same for a packet that was asked for again (RFC 4588), as it was the first time: how long
   * it took says nothing of the network's jitter.
   */
  public void repeated(RtpPacket packet, long arrivalNanos, long arrivalEpochNanos) {
    if (begun && packet.ssrc() == ssrc) {
      accept(packet, new Arrival(arrivalNanos, arrivalEpochNanos), true);
    }
  }

  private void accept(RtpPacket packet, Arrival came, boolean again) {
    if (!begun) {
      begin(packet);
    } else if (packet.ssrc() != ssrc) {
      consider(packet, came);
      return;
    }
    take(packet, came, again);
  }

  private void take(RtpPacket packet, Arrival came, boolean again) {
    switch (sequence.take(packet, came, inOrder)) {
      case TAKEN -> {
        if (again) {
          statistics.repeated();
        } else {
          renewal.interrupted();
          clock.arrived(unwrap(packet.timestamp()), came.epochNanos());
          statistics.packet(sequence.highest(), packet.timestamp(), came);
        }
      }
      case LATE -> late++;
      case FAR -> {
        if (!again) {
          consider(packet, came);
        }
      }
    }
  }

  private void consider(RtpPacket packet, Arrival came) {
    if (renewal.isFormer(packet, came.nanos())) {
      late++;
      return;
    }
    List<NewSource.Kept> proved = renewal.take(packet, came);
    if (proved.isEmpty()) {
      return;
    }
    NewSource.Kept first = proved.getFirst();
    renewal.leave(ssrc, sequence.highest(), came.nanos());
    if (wentOn(first.packet(), first.arrival())) {
      resume((short) (first.packet().sequence() - sequence.highest()));
    } else {
      restart();
      begin(first.packet());
    }
    for (NewSource.Kept each : proved) {
      clock.arrived(unwrap(each.packet().timestamp()), each.arrival().epochNanos());
    }
    for (NewSource.Kept each : proved) {
      take(each.packet(), each.arrival(), false);
    }
  }

  /**
   * Whether a packet with a far sequence number is of the same source after an outage of the
   * network: its RTP clock went on as time did.
   */
  private boolean wentOn(RtpPacket packet, Arrival came) {
    if (packet.ssrc() != ssrc) {
      return false;
    }
    double ticks = unwrap(packet.timestamp()) - lastTimestamp;
    double elapsed = came.nanos() - arrival.nanos();
    return Math.abs(ticks / format.clockRate() * 1e9 - elapsed)
        <= OUTAGE_SLACK_NANOS + elapsed * OUTAGE_DRIFT;
  }

  /** Nothing came for long, but clock and source are what they were. */
  private void resume(int missing) {
    sequence.flush(inOrder);
    depacketizer.flush(frames);
    losses.packetsLost(Math.max(1, missing));
    sequence.restart();
    statistics.restart();
    endsNanos = Long.MAX_VALUE;
    headUnsure = true;
    if (video) {
      listener.keyframeWanted();
    }
  }

  private void begin(RtpPacket packet) {
    begun = true;
    saidGoodbye = false;
    ssrc = packet.ssrc();
    lastTimestamp = packet.timestamp() + (1L << 32);
    RtcpPacket.SenderReport early = earlyReport;
    earlyReport = null;
    if (early != null && early.ssrc() == ssrc) {
      senderReport(early, earlyReportArrival);
    }
  }

  private void restart() {
    sequence.flush(inOrder);
    depacketizer.flush(frames);
    losses.begunAnew();
    awaitsKeyframe = video;
    if (video) {
      listener.keyframeWanted();
    }
    sequence.restart();
    statistics.restart();
    endsNanos = Long.MAX_VALUE;
    clock.restart();
    headUnsure = true;
  }

  private void inOrder(RtpPacket packet, Arrival came, int lost) {
    arrival = came;
    if (lost > 0) {
      losses.packetsLost(lost);
      if (video) {
        listener.keyframeWanted();
      }
    }
    lastTimestamp = unwrap(packet.timestamp());
    depacketizer.packet(packet, lastTimestamp, lost > 0 || headUnsure, frames);
    headUnsure = false;
  }

  private long unwrap(long timestamp) {
    return lastTimestamp + (int) (timestamp - lastTimestamp);
  }

  private final class FrameSink implements Depacketizer.Sink {
    @Override
    public void unit(AccessUnit unit) {
      if (awaitsKeyframe && !unit.keyframe()) {
        losses.frameDropped(unit.timestamp(), "its keyframe never came");
        return;
      }
      awaitsKeyframe = false;
      CaptureTime time = clock.time(unit.timestamp(), arrival.epochNanos());
      losses.frame(time, unit.timestamp());
      listener.frame(unit, time);
    }

    @Override
    public void dropped(long timestamp, String reason) {
      losses.frameDropped(timestamp, reason);
      if (video) {
        listener.keyframeWanted();
      }
    }
  }

  /**
   * Takes a compound of RTCP; what is none is counted and ignored.
   *
   * @param compound from position to limit; borrowed
   */
  public void rtcp(ByteBuffer compound, long arrivalNanos, long arrivalEpochNanos) {
    try {
      for (RtcpPacket packet : RtcpPacket.parse(compound)) {
        if (packet instanceof RtcpPacket.SenderReport report) {
          senderReport(report, new Arrival(arrivalNanos, arrivalEpochNanos));
        } else if (packet instanceof RtcpPacket.Bye bye && begun && bye.sources().contains(ssrc)) {
          // What a datagram overtook on its own port may still come; nothing else will.
          endsNanos = arrivalNanos + reorderWindowNanos;
          tick(arrivalNanos);
          saidGoodbye = true;
        }
      }
    } catch (MalformedPacket e) {
      malformed++;
    }
  }

  private void senderReport(RtcpPacket.SenderReport report, Arrival came) {
    if (!begun || report.ssrc() != ssrc) {
      // Perhaps that of a source about to begin, or to begin anew.
      earlyReport = report;
      earlyReportArrival = came;
      return;
    }
    statistics.senderReport(report.ntp(), came);
    clock.report(
        unwrap(report.rtpTimestamp()), NtpTime.toEpochNanos(report.ntp()), came.epochNanos());
  }

  /** Whether the source of now said that it sends no more (RTCP BYE). */
  public boolean saidGoodbye() {
    return saidGoodbye;
  }

  /** Time went by: gives up what was waited for long enough. Call it every 20 to 50 ms for UDP. */
  public void tick(long nowNanos) {
    sequence.release(nowNanos, inOrder);
    if (nowNanos >= endsNanos) {
      endsNanos = Long.MAX_VALUE;
      sequence.flush(inOrder);
      depacketizer.flush(frames);
    }
  }

  /** The session ends: gives out what is complete and tells what is not. */
  public void end() {
    sequence.flush(inOrder);
    depacketizer.flush(frames);
    losses.end();
  }

  /** SSRC of the source; empty before its first packet. */
  public Optional<Integer> ssrc() {
    return begun ? Optional.of(ssrc) : Optional.empty();
  }

  /** What to report to the sender, counting from the call before; empty before the first packet. */
  public Optional<ReceptionReport> receptionReport(long nowNanos) {
    return begun
        ? Optional.of(statistics.report(ssrc, sequence.highest(), nowNanos))
        : Optional.empty();
  }

  /** 16-bit sequence numbers worth asking for again, at most {@code limit}. */
  public List<Integer> missing(int limit) {
    return sequence.missing(limit);
  }

  /** Packets that were none, or not of this format. */
  public long malformedPackets() {
    return malformed;
  }

  /** Packets that came twice, or after they were given up. */
  public long latePackets() {
    return late;
  }
}
