package io.millrace.ingest.webrtc.receive;

import io.millrace.ingest.rtp.packet.RtpPacket;
import java.nio.ByteBuffer;

/** What a receiver report says of one source (RFC 3550 sections 6.4 and A.3). Not thread-safe. */
public final class ReceptionStatistics {
  private static final int RECEIVER_REPORT = 201;
  private static final int SENDER_REPORT = 200;
  private static final int MAX_LOST = 0x7fffff;
  private static final int REPORT_BYTES = 32;

  private final int clockRate;
  private long firstIndex = -1;
  private long received;
  private long expectedBefore;
  private long receivedBefore;
  private double jitterTicks;
  private double lossFraction;
  private long lastTransit;
  private boolean hasTransit;
  private int lastSenderReport;
  private long senderReportNanos;

  public ReceptionStatistics(int clockRate) {
    this.clockRate = clockRate;
  }

  /**
   * A packet came, in whatever order.
   *
   * @param again whether by retransmission, whose delay says nothing of the network's
   */
  public void arrived(RtpPacket packet, long nanos, boolean again) {
    received++;
    if (again) {
      return;
    }
    long ticks = nanos / 1000 * clockRate / 1_000_000;
    long transit = (int) (ticks - packet.timestamp());
    if (hasTransit) {
      long difference = Math.abs((int) (transit - lastTransit));
      // A sender that began anew is no jitter.
      if (difference < clockRate) {
        jitterTicks += (difference - jitterTicks) / 16;
      }
    }
    hasTransit = true;
    lastTransit = transit;
  }

  /**
   * Looks through a compound for a sender report of the source.
   *
   * @param rtcp borrowed
   */
  public void control(ByteBuffer rtcp, int source, long nanos) {
    int at = rtcp.position();
    while (at + 12 <= rtcp.limit()) {
      int bytes = 4 * ((rtcp.getShort(at + 2) & 0xffff) + 1);
      if ((rtcp.get(at + 1) & 0xff) == SENDER_REPORT
          && at + 28 <= rtcp.limit()
          && rtcp.getInt(at + 4) == source) {
        lastSenderReport = (rtcp.getInt(at + 8) << 16) | (rtcp.getInt(at + 12) >>> 16);
        senderReportNanos = nanos;
      }
      at += bytes;
    }
  }

  /** Share of the packets expected before the last report that did not come, 0 to 1. */
  public double lossFraction() {
    return lossFraction;
  }

  /**
   * A receiver report with one block.
   *
   * @param highest extended highest sequence number
   */
  public byte[] report(int ownSource, int source, long highest, long nowNanos) {
    if (firstIndex < 0) {
      firstIndex = highest - received + 1;
    }
    long expected = highest - firstIndex + 1;
    long expectedNow = expected - expectedBefore;
    long lostNow = expectedNow - (received - receivedBefore);
    lossFraction = expectedNow <= 0 ? 0 : Math.clamp((double) lostNow / expectedNow, 0, 1);
    expectedBefore = expected;
    receivedBefore = received;
    ByteBuffer out = ByteBuffer.allocate(REPORT_BYTES);
    out.put((byte) 0x81).put((byte) RECEIVER_REPORT).putShort((short) 7);
    out.putInt(ownSource).putInt(source);
    int lost = Math.clamp(expected - received, -MAX_LOST, MAX_LOST);
    out.putInt(((int) (255 * lossFraction) << 24) | (lost & 0xffffff));
    out.putInt((int) highest).putInt((int) jitterTicks).putInt(lastSenderReport);
    long delay = lastSenderReport == 0 ? 0 : (nowNanos - senderReportNanos) / 1000;
    out.putInt((int) (delay * 65_536 / 1_000_000));
    return out.array();
  }
}
