package io.millrace.ingest.rtp.packet;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A report block about one source (RFC 3550 section 6.4.1).
 *
 * @param ssrc the source it is about
 * @param fractionLost 256ths of the packets expected since the last report
 * @param cumulativeLost packets lost since the beginning, 24 bits with sign
 * @param highestSequence highest sequence number seen, 32 bits with the cycles above the lower 16
 * @param jitter in ticks of the RTP clock
 * @param lastReport middle 32 bits of the NTP time of the newest sender report, 0 without one
 * @param delaySinceLastReport since that came, in 65,536ths of a second
 */
public record ReceptionReport(
    int ssrc,
    int fractionLost,
    int cumulativeLost,
    int highestSequence,
    int jitter,
    int lastReport,
    int delaySinceLastReport) {
  /** Bytes of a block. */
  public static final int BYTES = 24;

  static ReceptionReport read(ByteBuffer in) {
    int ssrc = in.getInt();
    int lost = in.getInt();
    return new ReceptionReport(
        ssrc, lost >>> 24, (lost << 8) >> 8, in.getInt(), in.getInt(), in.getInt(), in.getInt());
  }

  void write(ByteBuffer out) {
    out.putInt(ssrc).putInt((fractionLost << 24) | (cumulativeLost & 0xffffff));
    out.putInt(highestSequence).putInt(jitter).putInt(lastReport).putInt(delaySinceLastReport);
  }

  /**
   * A compound of a receiver report with this block, and the receiver's name.
   *
   * @param sender SSRC of the receiver that reports
   */
  public byte[] receiverReport(int sender) {
    return RtcpPacket.bytes(
        new RtcpPacket.ReceiverReport(sender, List.of(this)),
        RtcpPacket.named(sender, RtcpPacket.OWN_NAME));
  }
}
