package io.millrace.ingest.rtp.clock;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.track.ClockSource;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Half an hour of a camera at a time, with all that is wrong with cameras and networks. */
class CaptureClockSimulationTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1000 * MILLI;
  private static final long START = 1_750_000_000L * SECOND;
  private static final int RATE = 90_000;
  private static final long FRAME = 40 * MILLI;

  private final CaptureClock clock = new CaptureClock(RATE, ClockSettings.defaults());
  private double drift;
  private long offset;

  /** Begins shortly before 32 bits of ticks are full. */
  private long ticks(long sinceNanos) {
    return (1L << 32) - 500_000 + Math.round(sinceNanos / 1e9 * RATE * (1 + drift));
  }

  private CaptureTime frame(long at, long delay) {
    return clock.time(ticks(at), START + at + delay);
  }

  private void report(long at, long noise, long delay) {
    clock.report(ticks(at), START + offset + at + noise, START + at + delay);
  }

  private long error(CaptureTime time, long at) {
    return Math.abs(time.epochNanos() - START - offset - at);
  }

  /** Reports come when they like, are a few ms off, late, or not at all. */
  @ParameterizedTest
  @CsvSource({
    "1, 0, 2",
    "2, 0.03, 2",
    "3, -0.03, 2",
    "4, 0.0002, 15",
    "5, 0.03, 15",
    "6, 0, 30",
    "7, -0.0001, 5",
    "8, 0.05, 10",
    "9, -0.05, 10",
    "10, 0.01, 30",
    "11, 0.0002, 50",
    "12, 0.03, 50"
  })
  void reportsAtAnyDistanceKeepTimesRight(long seed, double cameraDrift, long noiseMillis) {
    drift = cameraDrift;
    offset = -7 * 3600 * SECOND;
    SplittableRandom random = new SplittableRandom(seed);
    long nextReport = 0;
    int reports = 0;
    long sinceReport = 0;
    for (long at = 0; at < 1800 * SECOND; at += FRAME) {
      if (at >= nextReport) {
        long noise = random.nextLong(-noiseMillis * MILLI, noiseMillis * MILLI + 1);
        report(at, noise, random.nextLong(400 * MILLI));
        // Two in quick succession at times, then none for a while.
        nextReport = at + (random.nextInt(4) == 0 ? SECOND : random.nextLong(2, 30) * SECOND);
        reports++;
        sinceReport = at;
      }
      CaptureTime time = frame(at, random.nextLong(200 * MILLI));
      assertThat(time.source()).isEqualTo(ClockSource.CAMERA_NTP);
      assertThat(time.jumped()).as("at %d ms", at / MILLI).isFalse();
      if (reports > 12) {
        double allowed = 4.0 * noiseMillis * MILLI + (at - sinceReport) / 1e3;
        assertThat((double) error(time, at)).as("at %d ms", at / MILLI).isLessThan(allowed);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void serverTimesNeverGoBackAndFollowTheSlope(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    drift = new double[] {0, 0.03, -0.03, 0.05}[(int) seed - 1];
    long last = Long.MIN_VALUE;
    long arrived = START;
    for (long at = 0; at < 300 * SECOND; at += FRAME) {
      long stall = random.nextInt(500) == 0 ? SECOND : 0;
      // What comes in order is not overtaken.
      arrived = Math.max(arrived, START + at + random.nextLong(100 * MILLI) + stall);
      CaptureTime time = clock.time(ticks(at), arrived);
      assertThat(time.jumped()).isFalse();
      assertThat(time.epochNanos()).as("at %d ms", at / MILLI).isGreaterThanOrEqualTo(last);
      if (at > 30 * SECOND) {
        assertThat(error(time, at)).as("at %d ms", at / MILLI).isLessThan(300 * MILLI);
      }
      last = time.epochNanos();
    }
  }

  @Test
  void aRebootIsToldAndTheNewClockCounts() {
    offset = 500 * SECOND;
    report(0, 0, 0);
    for (long at = 0; at < 60 * SECOND; at += FRAME) {
      assertThat(error(frame(at, 0), at)).isZero();
    }
    clock.restart();
    CaptureTime server = frame(61 * SECOND, 0);
    assertThat(server.source()).isEqualTo(ClockSource.SERVER);
    assertThat(server.jumped()).isTrue();
    assertThat(server.epochNanos()).isEqualTo(START + 61 * SECOND);
    offset = 0;
    report(62 * SECOND, 0, 0);
    CaptureTime again = frame(62 * SECOND, 0);
    assertThat(again.source()).isEqualTo(ClockSource.CAMERA_NTP);
    assertThat(again.jumped()).as("server and camera agree now").isFalse();
    assertThat(error(again, 62 * SECOND)).isZero();
  }

  /** Each new time lies where no line through the reports before it leads. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aClockSetOftenIsFoundEachTime(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    drift = 0.03;
    int jumps = 0;
    int sets = 0;
    for (long at = 0; at < 1200 * SECOND; at += FRAME) {
      if (at % (300 * SECOND) == 0 && at > 0) {
        offset += (random.nextBoolean() ? 1 : -1) * random.nextLong(SECOND, 900 * SECOND);
        sets++;
      }
      if (at % (5 * SECOND) == 0) {
        report(at, 0, 0);
      }
      CaptureTime time = frame(at, random.nextLong(50 * MILLI));
      jumps += time.jumped() ? 1 : 0;
      if (at % (300 * SECOND) > 20 * SECOND) {
        assertThat(error(time, at)).as("at %d ms", at / MILLI).isLessThan(MILLI);
      }
    }
    assertThat(jumps).isEqualTo(sets);
  }

  @Test
  void tracksOfOneCameraMeetOnItsTime() {
    CaptureClock sound = new CaptureClock(48_000, ClockSettings.defaults());
    offset = -3600 * SECOND;
    for (long at = 0; at < 60 * SECOND; at += 5 * SECOND) {
      report(at, 0, 0);
      sound.report(77 + Math.round(at / 1e9 * 48_000), START + offset + at, START + at);
      CaptureTime seen = frame(at, 0);
      CaptureTime heard = sound.time(77 + Math.round(at / 1e9 * 48_000), START + at);
      assertThat(Math.abs(seen.epochNanos() - heard.epochNanos())).isLessThan(50_000);
    }
  }
}
