package io.millrace.ingest.rtp.clock;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.media.track.ClockSource;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A camera with a clock of its own behind a network with delays of its own. */
class CaptureClockTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1000 * MILLI;
  private static final long START = 1_750_000_000L * SECOND;
  private static final int RATE = 90_000;

  /** Ticks of a camera whose RTP clock is off by a share. */
  private static long ticks(long sinceNanos, double drift) {
    return 1_000_000 + Math.round(sinceNanos / 1e9 * RATE * (1 + drift));
  }

  private static CaptureClock clock() {
    return new CaptureClock(RATE, ClockSettings.defaults());
  }

  @Test
  void withoutReportsTheQuickestArrivalsCount() {
    CaptureClock clock = clock();
    SplittableRandom random = new SplittableRandom(3);
    long worst = 0;
    for (int i = 0; i < 2000; i++) {
      long at = i * 40 * MILLI;
      long delay = 20 * MILLI + random.nextLong(200 * MILLI);
      CaptureTime time = clock.time(ticks(at, 0), START + at + delay);
      assertThat(time.source()).isEqualTo(ClockSource.SERVER);
      assertThat(time.jumped()).isFalse();
      if (i > 200) {
        worst = Math.max(worst, Math.abs(time.epochNanos() - START - at - 20 * MILLI));
      }
    }
    assertThat(worst).isLessThan(25 * MILLI);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.03, -0.03, 0.0001})
  void driftIsTakenUpByTheReports(double drift) {
    CaptureClock clock = clock();
    SplittableRandom random = new SplittableRandom(4);
    long offset = 3 * 3600 * SECOND;
    for (int i = 0; i < 6000; i++) {
      long at = i * 40 * MILLI;
      if (i % 125 == 0) {
        clock.report(ticks(at, drift), START + offset + at + random.nextLong(MILLI), START + at);
      }
      CaptureTime time = clock.time(ticks(at, drift), START + at + random.nextLong(60 * MILLI));
      assertThat(time.source()).isEqualTo(ClockSource.CAMERA_NTP);
      assertThat(time.jumped()).isFalse();
      long error = Math.abs(time.epochNanos() - START - offset - at);
      if (i > 130) {
        assertThat(error).as("frame %d", i).isLessThan(10 * MILLI);
      } else {
        assertThat(error)
            .as("the bound of frame %d holds, but for the noise of reports", i)
            .isLessThan(time.errorNanos() + MILLI);
      }
    }
    assertThat(clock.offsetNanos().orElseThrow()).isBetween(offset - SECOND, offset + SECOND);
  }

  @Test
  void aClockThatIsSetIsToldOnceAndAnOddReportIsNot() {
    CaptureClock clock = clock();
    int jumps = 0;
    long ahead = 0;
    for (int i = 0; i < 3000; i++) {
      long at = i * 40 * MILLI;
      if (i == 1500) {
        ahead = 90 * SECOND;
      }
      if (i % 125 == 0) {
        long odd = i == 625 ? 4 * SECOND : 0;
        clock.report(ticks(at, 0), START + at + ahead + odd, START + at);
      }
      CaptureTime time = clock.time(ticks(at, 0), START + at);
      jumps += time.jumped() ? 1 : 0;
      boolean confirmed = i >= 1625;
      if (i < 1500 || confirmed) {
        assertThat(time.epochNanos() - START - at).isEqualTo(confirmed ? 90 * SECOND : 0);
      }
    }
    assertThat(jumps).isEqualTo(1);
  }

  @Test
  void goingFromServerTimeToCameraTimeIsAJumpWhenItIsFar() {
    CaptureClock clock = clock();
    assertThat(clock.time(ticks(0, 0), START).source()).isEqualTo(ClockSource.SERVER);
    clock.report(ticks(0, 0), START + 20 * MILLI, START);
    CaptureTime near = clock.time(ticks(40 * MILLI, 0), START + 40 * MILLI);
    assertThat(near.source()).isEqualTo(ClockSource.CAMERA_NTP);
    assertThat(near.jumped()).isFalse();

    CaptureClock far = clock();
    far.time(ticks(0, 0), START);
    far.report(ticks(0, 0), START - 7200 * SECOND, START);
    assertThat(far.time(ticks(40 * MILLI, 0), START + 40 * MILLI).jumped()).isTrue();
    assertThat(far.time(ticks(80 * MILLI, 0), START + 80 * MILLI).jumped()).isFalse();
  }

  @Test
  void absurdClocksAreNotBelieved() {
    ClockSettings settings = new ClockSettings(true, Duration.ofHours(24), Duration.ofMillis(100));
    for (long ntp :
        new long[] {0, 86_400 * SECOND, START - 86_401 * SECOND, START + 86_401 * SECOND}) {
      CaptureClock clock = new CaptureClock(RATE, settings);
      clock.report(ticks(0, 0), ntp, START);
      assertThat(clock.time(ticks(0, 0), START).source()).isEqualTo(ClockSource.SERVER);
    }
    CaptureClock edge = new CaptureClock(RATE, settings);
    edge.report(ticks(0, 0), START - 86_400 * SECOND, START);
    assertThat(edge.time(ticks(0, 0), START).source()).isEqualTo(ClockSource.CAMERA_NTP);
    CaptureClock server =
        new CaptureClock(
            RATE, new ClockSettings(false, Duration.ofHours(24), Duration.ofMillis(100)));
    server.report(ticks(0, 0), START, START);
    assertThat(server.time(ticks(0, 0), START).source()).isEqualTo(ClockSource.SERVER);
  }

  /** It stamps 25 pictures a second and takes 21, or the other way round. */
  @ParameterizedTest
  @ValueSource(doubles = {-0.16, 0.19, 0.4, -0.3})
  void anRtpClockThatGoesVeryWrongIsFoundByTheSecondReport(double drift) {
    CaptureClock clock = clock();
    SplittableRandom random = new SplittableRandom(7);
    long offset = 40 * SECOND;
    int jumps = 0;
    for (int i = 0; i < 1000; i++) {
      long at = i * 40 * MILLI;
      if (i % 125 == 0) {
        long delay = random.nextLong(60 * MILLI);
        clock.report(ticks(at, drift), START + offset + at, START + at + delay);
      }
      CaptureTime time = clock.time(ticks(at, drift), START + at + random.nextLong(60 * MILLI));
      jumps += time.jumped() ? 1 : 0;
      long error = Math.abs(time.epochNanos() - START - offset - at);
      // Arrivals tell it too, but for how late they are.
      assertThat(error).as("frame %d", i).isLessThan(time.errorNanos() + 120 * MILLI);
      if (i >= 125) {
        assertThat(error).as("frame %d", i).isLessThan(MILLI);
      }
    }
    assertThat(jumps).isEqualTo(1);
  }

  /** Its wall clock does not keep pace with ours, so nothing speaks against its RTP clock. */
  @Test
  void aWallClockSetAtTheSecondReportIsNotTakenForAWrongRate() {
    CaptureClock clock = clock();
    for (int i = 0; i < 500; i++) {
      long at = i * 40 * MILLI;
      if (i % 125 == 0) {
        clock.report(ticks(at, 0), START + at + (i == 0 ? 0 : SECOND), START + at);
      }
      CaptureTime time = clock.time(ticks(at, 0), START + at);
      assertThat(time.epochNanos() - START - at).isEqualTo(i < 250 ? 0 : SECOND);
      boolean doubted = i >= 125 && i < 250;
      assertThat(time.errorNanos() >= SECOND).as("frame %d", i).isEqualTo(doubted);
    }
  }

  /** The first frame came late, and what was sent after it came before it. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void serverTimesNeverGoBackHoweverPacketsOvertakeEachOther(long seed) {
    CaptureClock clock = clock();
    SplittableRandom random = new SplittableRandom(seed);
    long last = Long.MIN_VALUE;
    for (int i = 0; i < 3000; i++) {
      long at = i * 40 * MILLI;
      long delay = i == 0 ? 200 * MILLI : random.nextLong(200 * MILLI);
      clock.arrived(ticks(at, 0), START + at + random.nextLong(delay));
      CaptureTime time = clock.time(ticks(at, 0), START + at + delay);
      assertThat(time.epochNanos()).as("frame %d", i).isGreaterThanOrEqualTo(last + 20 * MILLI - 1);
      last = time.epochNanos();
      if (i > 10) {
        assertThat(Math.abs(last - START - at)).as("frame %d", i).isLessThan(80 * MILLI);
      }
    }
  }
}
