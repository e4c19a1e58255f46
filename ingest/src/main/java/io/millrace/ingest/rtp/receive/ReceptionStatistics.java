package io.millrace.ingest.rtp.receive;

import io.millrace.ingest.rtp.packet.ReceptionReport;

/** What receiver reports say of a source (RFC 3550 section 6.4.1 and appendix A). */
final class ReceptionStatistics {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final int clockRate;
  private long base = -1;
  private long received;
  private long expectedBefore;
  private long receivedBefore;
  private double jitter;
  private long transitTicks;
  private boolean hasTransit;
  private int lastReport;
  private long lastReportNanos;

  ReceptionStatistics(int clockRate) {
    this.clockRate = clockRate;
  }

  void restart() {
    base = -1;
    received = 0;
    expectedBefore = 0;
    receivedBefore = 0;
    jitter = 0;
    hasTransit = false;
    lastReport = 0;
  }

  void packet(long sequence, long timestamp, Arrival arrival) {
    if (base < 0) {
      base = sequence;
    }
    received++;
    long transit = Math.round(arrival.nanos() / 1e9 * clockRate) - timestamp;
    if (hasTransit) {
      jitter += (Math.abs(transit - transitTicks) - jitter) / 16;
    }
    transitTicks = transit;
    hasTransit = true;
  }

  /** A packet came that was asked for again. */
  void repeated() {
    received++;
  }

  void senderReport(long ntp, Arrival arrival) {
    lastReport = (int) (ntp >>> 16);
    lastReportNanos = arrival.nanos();
  }

  /** The report, counting from the one before. */
  ReceptionReport report(int ssrc, long highest, long nowNanos) {
    long expected = base < 0 ? 0 : highest - base + 1;
    long lost = expected - received;
    long expectedNow = expected - expectedBefore;
    long lostNow = expectedNow - (received - receivedBefore);
    expectedBefore = expected;
    receivedBefore = received;
    int fraction =
        expectedNow <= 0 || lostNow <= 0 ? 0 : (int) Math.min(255, (lostNow << 8) / expectedNow);
    long sinceReport = nowNanos - lastReportNanos;
    return new ReceptionReport(
        ssrc,
        fraction,
        Math.clamp(lost, -0x80_0000, 0x7f_ffff),
        (int) highest,
        (int) jitter,
        lastReport,
        lastReport == 0 ? 0 : (int) (sinceReport / 1e9 * 65_536));
  }

  /** How far apart arrivals and timestamps are lately, in ns. */
  long jitterNanos() {
    return (long) (jitter * SECOND_NANOS / clockRate);
  }
}
