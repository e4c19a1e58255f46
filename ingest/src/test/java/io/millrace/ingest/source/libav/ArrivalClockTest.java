package io.millrace.ingest.source.libav;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.ingest.source.worker.WorkerMessages;
import io.millrace.media.track.ClockSource;
import org.junit.jupiter.api.Test;

/** Times of a source on the server's clock. */
class ArrivalClockTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final long START = 1_700_000_000 * SECOND;

  private final ArrivalClock clock = new ArrivalClock(SECOND);

  @Test
  void jitterOfTheNetworkDoesNotMoveTimes() {
    assertThat(clock.date(1, 90 * SECOND, START))
        .isEqualTo(new CaptureTime(START, ClockSource.SERVER, SECOND, false));
    assertThat(clock.date(1, 91 * SECOND, START + SECOND + 300 * MILLI).epochNanos())
        .isEqualTo(START + SECOND);
    // Seven seconds of stall, and then everything at once.
    for (int i = 2; i < 9; i++) {
      CaptureTime late = clock.date(1, (90 + i) * SECOND, START + 9 * SECOND);
      assertThat(late.epochNanos()).isEqualTo(START + i * SECOND);
      assertThat(late.jumped()).isFalse();
    }
  }

  @Test
  void whatWasHeldBeforeItCameIsAsOldAsThat() {
    clock.held(1_400 * MILLI);
    for (int i = 0; i <= 35; i++) {
      CaptureTime held = clock.date(1, 90 * SECOND + i * 40 * MILLI, START);
      assertThat(held.epochNanos()).isEqualTo(START - 1_400 * MILLI + i * 40 * MILLI);
      assertThat(held.jumped()).isFalse();
    }
    assertThat(clock.date(1, 91_440 * MILLI, START + 40 * MILLI).jumped()).isFalse();
  }

  @Test
  void aJumpOfTheLineIsToldOnEveryTrack() {
    clock.date(1, 90 * SECOND, START);
    clock.date(2, 90 * SECOND, START);
    CaptureTime jumped = clock.date(1, 5 * SECOND, START + 2 * SECOND);
    assertThat(jumped.epochNanos()).isEqualTo(START + 2 * SECOND);
    assertThat(jumped.jumped()).isTrue();
    CaptureTime other = clock.date(2, 5 * SECOND, START + 2 * SECOND + 10 * MILLI);
    assertThat(other.epochNanos()).isEqualTo(START + 2 * SECOND);
    assertThat(other.jumped()).isTrue();
    assertThat(clock.date(2, 6 * SECOND, START + 3 * SECOND).jumped()).isFalse();
  }

  @Test
  void aClockThatRunsSlowIsSteppedOnceItIsASecondOff() {
    int jumps = 0;
    long worst = 0;
    for (int i = 0; i < 3000; i++) {
      // Its second is a thousandth too long: a second in a thousand.
      long arrival = START + i * 1_001 * MILLI;
      CaptureTime time = clock.date(1, i * SECOND, arrival);
      jumps += time.jumped() ? 1 : 0;
      worst = Math.max(worst, Math.abs(arrival - time.epochNanos()));
    }
    assertThat(jumps).isEqualTo(2);
    assertThat(worst).isLessThan(SECOND + 200 * MILLI);
  }

  @Test
  void aClockThatRunsFastNeverGetsFarAheadOfOurs() {
    for (int i = 0; i < 3000; i++) {
      long arrival = START + i * 999 * MILLI;
      assertThat(clock.date(1, i * SECOND, arrival).epochNanos() - arrival)
          .isLessThanOrEqualTo(SECOND);
    }
  }

  @Test
  void withoutTimesTheArrivalCounts() {
    CaptureTime time = clock.date(1, WorkerMessages.NO_TIME, START);
    assertThat(time).isEqualTo(new CaptureTime(START, ClockSource.SERVER, SECOND, false));
  }
}
