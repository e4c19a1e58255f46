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

  /** Reports of so long tell the slope better than its nominal value does. */
  private static final long SURE_SPAN_NANOS = 60_000_000_000L;

  /** Or, where that is not nominal because of what arrivals said, those of so long. */
  private static final long SHORT_SPAN_NANOS = 4_000_000_000L;

  /** What a crystal may be off before it was measured. */
  private static final double UNKNOWN_DRIFT = 200e-6;

  /** What a camera's clock may be off that nothing was told of twice: worse ones are not known. */
  private static final double UNMEASURED_DRIFT = 0.04;

  /** Most that a report may be off the line by drift that was not measured yet. */
  private static final double MOST_DRIFT = 0.06;

  /** How far the NTP time and the RTP timestamp of one report may disagree in common cameras. */
  private static final double REPORT_NOISE_NANOS = 40e6;

  /** So many reports in a row off the line show that it is the line that is wrong. */
  private static final int MOST_DOUBTED = 3;

  /** Least and most that an RTP clock may go at, as a share of what was declared. */
  private static final double LEAST_RATE = 0.5;

  private static final double MOST_RATE = 2;

  /**
   * A camera's wall clock that kept pace with ours to this share of how far a report is off the
   * line was not set: it is the RTP clock that goes wrong.
   */
  private static final double KEPT_PACE = 0.25;

  private static final long FLOOR_NANOS = 1_000_000;

  /**
   * @param arrivalNanos server time at which it came, epoch ns
   */
  private record Report(long ticks, long nanos, long arrivalNanos) {}

  private final long jumpToleranceNanos;
  private final double nominalNanosPerTick;
  private final Deque<Report> reports = new ArrayDeque<>();
  private double startNanosPerTick;
  private double nanosPerTick;
  private long anchorTicks;
  private long anchorNanos;
  private long residualNanos;
  private Report doubted = new Report(0, 0, 0);
  private int doubts;

  /** How far the newest report lies off the line while it is doubted. */
  private long doubtNanos;

  ReportClock(int clockRate, long jumpToleranceNanos) {
    nominalNanosPerTick = 1e9 / clockRate;
    startNanosPerTick = nominalNanosPerTick;
    nanosPerTick = nominalNanosPerTick;
    this.jumpToleranceNanos = jumpToleranceNanos;
  }

  void restart() {
    reports.clear();
    nanosPerTick = nominalNanosPerTick;
    forgetDoubts();
    residualNanos = 0;
  }

  private void forgetDoubts() {
    doubts = 0;
    doubtNanos = 0;
  }

  boolean known() {
    return !reports.isEmpty();
  }

  /**
   * A report came.
   *
   * @param rate nanoseconds of a tick as far as is known without reports
   * @param arrivalNanos server time at which it came, epoch ns
   */
  Outcome report(long ticks, long nanos, double rate, long arrivalNanos) {
    Report report = new Report(ticks, nanos, arrivalNanos);
    if (reports.isEmpty()) {
      begin(report, rate);
      return Outcome.FITS;
    }
    boolean moved = reports.size() == 1 && correct(rate, ticks);
    long off = nanos - at(ticks);
    if (Math.abs(off) <= tolerance(ticks - anchorTicks)) {
      forgetDoubts();
      add(report, off);
      return moved ? Outcome.JUMPED : Outcome.FITS;
    }
    if (reports.size() == 1 && tellsTheRate(report, off)) {
      Report first = reports.getFirst();
      restart();
      begin(first, (nanos - first.nanos()) / (double) (ticks - first.ticks()));
      add(report, 0);
      return Outcome.JUMPED;
    }
    long between = ticks - doubted.ticks();
    long expected = doubted.nanos() + Math.round(between * nanosPerTick);
    boolean confirmed = doubts > 0 && Math.abs(nanos - expected) <= tolerance(between);
    if (confirmed || doubts == MOST_DOUBTED) {
      // A row of reports too short to be trusted may have told a wrong slope.
      double kept = confirmed && spanNanos() >= SURE_SPAN_NANOS ? nanosPerTick : rate;
      restart();
      begin(report, kept);
      return Outcome.JUMPED;
    }
    doubts++;
    doubted = report;
    doubtNanos = Math.abs(off);
    return Outcome.DOUBTED;
  }

  /**
   * Whether the second report lies off the line because the RTP clock goes at another rate than was
   * declared. Its own slope is then better than any guess.
   */
  private boolean tellsTheRate(Report second, long off) {
    Report first = reports.getFirst();
    long wall = second.nanos() - first.nanos();
    double rate = wall / (nominalNanosPerTick * (second.ticks() - first.ticks()));
    long pace = wall - (second.arrivalNanos() - first.arrivalNanos());
    return wall >= LEAST_SPAN_NANOS
        && rate >= LEAST_RATE
        && rate <= MOST_RATE
        && Math.abs(pace) <= Math.abs(off) * KEPT_PACE;
  }

  private void begin(Report report, double rate) {
    startNanosPerTick = rate;
    nanosPerTick = rate;
    anchorTicks = report.ticks();
    anchorNanos = report.nanos();
    reports.add(report);
  }

  /**
   * While there is one report only the slope is a guess, and arrivals may show by now that it is
   * very wrong, as with a camera that stamps frames at another rate than it makes them.
   *
   * @return whether that moves times by more than is tolerated
   */
  private boolean correct(double rate, long ticks) {
    if (Math.abs(rate / startNanosPerTick - 1) <= MOST_DRIFT) {
      return false;
    }
    long before = at(ticks);
    startNanosPerTick = rate;
    nanosPerTick = rate;
    return Math.abs(at(ticks) - before) > jumpToleranceNanos;
  }

  private long tolerance(long ticks) {
    double drift = Math.max(UNKNOWN_DRIFT, slopeError());
    return jumpToleranceNanos + Math.round(Math.abs(ticks) * nanosPerTick * drift);
  }

  /** How far the slope through the reports there are may be off by their noise, as a share. */
  private double slopeError() {
    double span = spanNanos();
    return span < LEAST_SPAN_NANOS
        ? MOST_DRIFT
        : Math.min(MOST_DRIFT, 2 * REPORT_NOISE_NANOS / span);
  }

  private void add(Report report, long off) {
    if (report.ticks() <= reports.getLast().ticks()) {
      return;
    }
    if (spanNanos() >= LEAST_SPAN_NANOS) {
      residualNanos = Math.max(residualNanos - residualNanos / 8, Math.abs(off));
    }
    reports.add(report);
    while (reports.size() > MAX_REPORTS
        || (report.ticks() - reports.getFirst().ticks()) * nanosPerTick > SPAN_NANOS) {
      reports.removeFirst();
    }
    fit(report);
  }

  private double spanNanos() {
    return (reports.getLast().ticks() - reports.getFirst().ticks()) * nanosPerTick;
  }

  /** Least squares, about the newest report, so that the line is best where frames come next. */
  private void fit(Report newest) {
    if (reports.size() < 2 || spanNanos() < LEAST_SPAN_NANOS) {
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
    // A short row of reports says less of the slope than what it began with, unless that is clearly
    // wrong.
    boolean clear = Math.abs(slope / startNanosPerTick - 1) > slopeError();
    boolean guessed = startNanosPerTick != nominalNanosPerTick;
    long trusted = guessed ? SHORT_SPAN_NANOS : SURE_SPAN_NANOS;
    nanosPerTick = clear || spanNanos() >= trusted ? slope : startNanosPerTick;
    anchorTicks = newest.ticks();
    anchorNanos = newest.nanos() + Math.round((sumY - nanosPerTick * sumX) / n);
  }

  /** Epoch ns of an RTP timestamp. */
  long at(long ticks) {
    return anchorNanos + Math.round((ticks - anchorTicks) * nanosPerTick);
  }

  /**
   * How far {@link #at} may be off the camera's clock.
   *
   * @param arrivalNanos server time at which the frame came, epoch ns: while the rate is a guess,
   *     how far arrivals contradict it counts too
   */
  long errorNanos(long ticks, long arrivalNanos) {
    double span = Math.abs(ticks - anchorTicks) * nanosPerTick;
    long error = Math.max(FLOOR_NANOS, residualNanos) + doubtNanos;
    if (spanNanos() < LEAST_SPAN_NANOS) {
      Report only = reports.getLast();
      long pace = at(ticks) - only.nanos() - (arrivalNanos - only.arrivalNanos());
      return error + Math.max(Math.abs(pace), Math.round(span * UNMEASURED_DRIFT));
    }
    double drift = startNanosPerTick == nominalNanosPerTick ? UNKNOWN_DRIFT / 10 : slopeError();
    return error + Math.round(span * drift);
  }
}
