package io.millrace.ingest.rtp.clock;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Times of frames by the camera's clock: a line through its sender reports of the last minutes,
 * whose slope takes up the drift between its RTP clock and its wall clock. A report far off the
 * line is believed once the next one confirms it. Not thread-safe.
 */
final class ReportClock {
  /** What a report did. */
  enum Outcome {
    /** It lies on the line, or begins one. */
    FITS,
    /** It lies off the line and waits to be confirmed. */
    DOUBTED,
    /** The clock was set: a new line begins. */
    JUMPED
  }

  private static final int MAX_REPORTS = 64;
  private static final long SPAN_NANOS = 300_000_000_000L;
  private static final long LEAST_SPAN_NANOS = 1_000_000_000L;

  /** What a crystal may be off before it was measured. */
  private static final double UNKNOWN_DRIFT = 200e-6;

  /** Most that a report may be off the line by drift that was not measured yet. */
  private static final double MOST_DRIFT = 0.06;

  private static final long FLOOR_NANOS = 1_000_000;

  private record Report(long ticks, long nanos) {}

  private final long jumpToleranceNanos;
  private final double nominalNanosPerTick;
  private final Deque<Report> reports = new ArrayDeque<>();
  private double nanosPerTick;
  private boolean measured;
  private long anchorTicks;
  private long anchorNanos;
  private long residualNanos;
  private Report doubted = new Report(0, 0);
  private boolean doubting;

  ReportClock(int clockRate, long jumpToleranceNanos) {
    nominalNanosPerTick = 1e9 / clockRate;
    nanosPerTick = nominalNanosPerTick;
    this.jumpToleranceNanos = jumpToleranceNanos;
  }

  void restart() {
    reports.clear();
    nanosPerTick = nominalNanosPerTick;
    measured = false;
    doubting = false;
    residualNanos = 0;
  }

  boolean known() {
    return !reports.isEmpty();
  }

  /**
   * A report came.
   *
   * @param rate nanoseconds of a tick to begin with
   */
  Outcome report(long ticks, long nanos, double rate) {
    Report report = new Report(ticks, nanos);
    if (reports.isEmpty()) {
      begin(report, rate);
      return Outcome.FITS;
    }
    long off = nanos - at(ticks);
    if (Math.abs(off) <= tolerance(ticks)) {
      doubting = false;
      add(report, off);
      return Outcome.FITS;
    }
    if (doubting) {
      long expected = doubted.nanos() + Math.round((ticks - doubted.ticks()) * nanosPerTick);
      if (Math.abs(nanos - expected) <= tolerance(ticks)) {
        double kept = nanosPerTick;
        restart();
        begin(report, kept);
        return Outcome.JUMPED;
      }
    }
    doubting = true;
    doubted = report;
    return Outcome.DOUBTED;
  }

  private void begin(Report report, double rate) {
    nanosPerTick = rate;
    anchorTicks = report.ticks();
    anchorNanos = report.nanos();
    reports.add(report);
  }

  private long tolerance(long ticks) {
    double drift = measured ? UNKNOWN_DRIFT : MOST_DRIFT;
    double span = Math.abs(ticks - anchorTicks) * nanosPerTick;
    return jumpToleranceNanos + Math.round(span * drift);
  }

  private void add(Report report, long off) {
    if (report.ticks() <= reports.getLast().ticks()) {
      return;
    }
    reports.add(report);
    while (reports.size() > MAX_REPORTS
        || (report.ticks() - reports.getFirst().ticks()) * nanosPerTick > SPAN_NANOS) {
      reports.removeFirst();
    }
    fit(report);
    residualNanos =
        measured ? Math.max(residualNanos - residualNanos / 8, Math.abs(off)) : residualNanos;
    measured |= reports.size() > 1 && spanNanos() >= LEAST_SPAN_NANOS;
  }

  private double spanNanos() {
    return (reports.getLast().ticks() - reports.getFirst().ticks()) * nanosPerTick;
  }

  /** Least squares, about the newest report, so that the line is best where frames come next. */
  private void fit(Report newest) {
    if (spanNanos() < LEAST_SPAN_NANOS) {
      anchorTicks = newest.ticks();
      anchorNanos = newest.nanos();
      return;
    }
    double sumX = 0;
    double sumY = 0;
    double sumXx = 0;
    double sumXy = 0;
    int n = reports.size();
    for (Report each : reports) {
      double x = each.ticks() - newest.ticks();
      double y = each.nanos() - newest.nanos();
      sumX += x;
      sumY += y;
      sumXx += x * x;
      sumXy += x * y;
    }
    double slope = (n * sumXy - sumX * sumY) / (n * sumXx - sumX * sumX);
    nanosPerTick = slope;
    anchorTicks = newest.ticks();
    anchorNanos = newest.nanos() + Math.round((sumY - slope * sumX) / n);
  }

  /** Epoch ns of an RTP timestamp. */
  long at(long ticks) {
    return anchorNanos + Math.round((ticks - anchorTicks) * nanosPerTick);
  }

  /** How far {@link #at} may be off the camera's clock. */
  long errorNanos(long ticks) {
    double span = Math.abs(ticks - anchorTicks) * nanosPerTick;
    double drift = measured ? UNKNOWN_DRIFT / 10 : UNKNOWN_DRIFT;
    return Math.max(FLOOR_NANOS, residualNanos) + Math.round(span * drift);
  }
}
