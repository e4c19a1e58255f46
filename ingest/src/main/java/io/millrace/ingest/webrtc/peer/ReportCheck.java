package io.millrace.ingest.webrtc.peer;

import io.millrace.ingest.rtp.packet.MalformedPacket;
import io.millrace.ingest.rtp.packet.RtcpPacket;
import io.millrace.ingest.rtp.packet.RtpPacket;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Leaves out sender reports that cannot be true: a report says what the sender's RTP clock shows
 * now, so it lies near the media that come now. Libraries that are handed frames with times of
 * another clock than their own report times hours away, by which every frame would be dated wrong.
 * Not thread-safe.
 */
final class ReportCheck {
  /** Encoders, queues and stalled networks keep media back for less. */
  private static final long NEAR_SECONDS = 10;

  private static final double NANOS_PER_SECOND = 1e9;

  private final int clockRate;
  private boolean heard;
  private int source;
  private long timestamp;
  private long arrivalNanos;
  private long leftOut;

  ReportCheck(int clockRate) {
    this.clockRate = clockRate;
  }

  /** A packet of media came. */
  void packet(RtpPacket packet, long nanos) {
    heard = true;
    source = packet.ssrc();
    timestamp = packet.timestamp();
    arrivalNanos = nanos;
  }

  /** What of a compound is to be believed; reports of other sources are left as they are. */
  ByteBuffer believable(ByteBuffer compound, long nanos) {
    try {
      List<RtcpPacket> all = RtcpPacket.parse(compound);
      List<RtcpPacket> kept = all.stream().filter(each -> !isMisleading(each, nanos)).toList();
      if (kept.size() == all.size()) {
        return compound;
      }
      leftOut += all.size() - kept.size();
      return RtcpPacket.write(kept);
    } catch (MalformedPacket e) {
      // Counted where it is used.
      return compound;
    }
  }

  private boolean isMisleading(RtcpPacket packet, long nanos) {
    if (!heard || !(packet instanceof RtcpPacket.SenderReport report) || report.ssrc() != source) {
      return false;
    }
    long now = timestamp + Math.round((nanos - arrivalNanos) / NANOS_PER_SECOND * clockRate);
    // The difference of two 32-bit clocks, with sign.
    return Math.abs((long) (int) (report.rtpTimestamp() - now)) > NEAR_SECONDS * clockRate;
  }

  /** Reports left out so far. */
  long leftOut() {
    return leftOut;
  }
}
