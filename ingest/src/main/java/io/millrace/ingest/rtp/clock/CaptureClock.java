package io.millrace.ingest.rtp.clock;

import io.millrace.media.track.ClockSource;
import java.util.OptionalLong;

/**
 * Says when frames were captured: by the server's clock until the camera tells its own, by that
 * from then on. One for each track, since each has an RTP clock of its own; tracks of one camera
 * meet on its NTP time. Not thread-safe.
 */
public final class CaptureClock {
  /** 2000-01-01; cameras without a battery say 1970 or 1900. */
  private static final long EARLIEST_NANOS = 946_684_800_000_000_000L;

  private final ClockSettings settings;
  private final ArrivalClock arrivals;
  private final ReportClock reports;
  private boolean jumped;
  private boolean hasOffset;
  private long offsetNanos;

  /**
   * Time of the newest frame by the clock used then; to see whether a change of clock is a jump.
   */
  private long lastNanos = Long.MIN_VALUE;

  private long lastTicks;
  private ClockSource source = ClockSource.SERVER;

  /**
   * @param clockRate ticks a second of the RTP timestamps
   */
  public CaptureClock(int clockRate, ClockSettings settings) {
    this.settings = settings;
    arrivals = new ArrivalClock(clockRate);
    reports = new ReportClock(clockRate, settings.jumpTolerance().toNanos());
  }

  /**
   * A packet arrived, perhaps before others that were sent earlier: the quickest tell when frames
   * were captured while the camera does not.
   *
   * @param timestamp its unwrapped RTP timestamp
   * @param arrivalEpochNanos server time
   */
  public void arrived(long timestamp, long arrivalEpochNanos) {
    if (!reports.known()) {
      arrivals.arrived(timestamp, arrivalEpochNanos);
    }
  }

  /**
   * When a frame was captured.
   *
   * @param timestamp its unwrapped RTP timestamp
   * @param arrivalEpochNanos server time at which its last packet came
   */
  public CaptureTime time(long timestamp, long arrivalEpochNanos) {
    long arrived = arrivals.time(timestamp, arrivalEpochNanos);
    boolean camera = reports.known();
    long nanos = camera ? reports.at(timestamp) : arrived;
    ClockSource now = camera ? ClockSource.CAMERA_NTP : ClockSource.SERVER;
    long moved = CaptureTime.UNKNOWN;
    if (lastNanos != Long.MIN_VALUE) {
      long expected = lastNanos + Math.round((timestamp - lastTicks) * arrivals.nanosPerTick());
      moved = nanos - expected;
      jumped |= now != source && Math.abs(moved) > settings.jumpTolerance().toNanos();
    }
    boolean told = jumped;
    boolean moves = told || now != source;
    jumped = false;
    source = now;
    lastNanos = nanos;
    lastTicks = timestamp;
    return new CaptureTime(
        nanos,
        now,
        camera ? reports.errorNanos(timestamp, arrivalEpochNanos) : arrivals.errorNanos(),
        told,
        moves ? moved : CaptureTime.UNKNOWN);
  }

  /**
   * A sender report came.
   *
   * @param timestamp its RTP timestamp, unwrapped as those of frames
   * @param ntpEpochNanos its NTP time as epoch ns
   * @param arrivalEpochNanos server time at which it came
   */
  public void report(long timestamp, long ntpEpochNanos, long arrivalEpochNanos) {
    offsetNanos = ntpEpochNanos - arrivalEpochNanos;
    hasOffset = true;
    boolean believed =
        settings.useCamera()
            && ntpEpochNanos >= EARLIEST_NANOS
            && Math.abs(offsetNanos) <= settings.maxOffset().toNanos();
    if (!believed) {
      if (reports.known()) {
        // A clock that was right and is absurd now was set; what it said before no longer holds.
        reports.restart();
      }
      return;
    }
    ReportClock.Outcome outcome =
        reports.report(timestamp, ntpEpochNanos, arrivals.nanosPerTick(), arrivalEpochNanos);
    jumped |= outcome == ReportClock.Outcome.JUMPED;
  }

  /** The source began anew: its timestamps have nothing to do with those before. */
  public void restart() {
    arrivals.restart();
    reports.restart();
    // Until it reports again times are the server's, which lie elsewhere than the camera's.
    jumped |=
        source == ClockSource.CAMERA_NTP
            && Math.abs(offsetNanos) > settings.jumpTolerance().toNanos();
    source = ClockSource.SERVER;
    lastNanos = Long.MIN_VALUE;
  }

  /** The camera's clock minus the server's at the newest report, network delay included; ns. */
  public OptionalLong offsetNanos() {
    return hasOffset ? OptionalLong.of(offsetNanos) : OptionalLong.empty();
  }
}
