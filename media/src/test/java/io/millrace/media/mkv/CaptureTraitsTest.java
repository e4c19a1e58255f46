package io.millrace.media.mkv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.media.track.ClockSource;
import org.junit.jupiter.api.Test;

class CaptureTraitsTest {
  @Test
  void anErrorIsNeverAboveTheBoundOfItsClass() {
    for (long nanos : new long[] {0, 500_000, 500_001, 1_000_000, 7_300_000, 4_096_000_000L}) {
      assertThat(traits(nanos).maxErrorNanos()).isGreaterThanOrEqualTo(nanos);
    }
    assertThat(CaptureTraits.errorClass(500_000)).isEqualTo(1);
    assertThat(CaptureTraits.errorClass(500_001)).isEqualTo(2);
    assertThat(CaptureTraits.errorClass(4_096_000_000L)).isEqualTo(14);
    assertThat(CaptureTraits.errorClass(4_096_000_001L)).isEqualTo(15);
    assertThat(CaptureTraits.errorClass(Long.MAX_VALUE)).isEqualTo(15);
  }

  @Test
  void whatHasNoBoundSaysSo() {
    assertThat(CaptureTraits.UNKNOWN.maxErrorNanos()).isEqualTo(Long.MAX_VALUE);
    assertThat(traits(Long.MAX_VALUE).maxErrorNanos()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void classesBeyondFourBitsAreRefused() {
    assertThatThrownBy(() -> new CaptureTraits(ClockSource.SERVER, 16, false, false, false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static CaptureTraits traits(long errorNanos) {
    return new CaptureTraits(
        ClockSource.SERVER, CaptureTraits.errorClass(errorNanos), false, false, false);
  }
}
