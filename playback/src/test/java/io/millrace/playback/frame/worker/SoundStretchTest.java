package io.millrace.playback.frame.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class SoundStretchTest {
  private static final float[][] ONES = {filled(1, 100)};
  private static final float[][] TWOS = {filled(2, 100)};

  private static float[] filled(float value, int length) {
    float[] samples = new float[length];
    Arrays.fill(samples, value);
    return samples;
  }

  @Test
  void whatLiesOutsideIsDropped() {
    SoundStretch stretch = new SoundStretch(1, 50);
    stretch.put(-100, ONES);
    stretch.put(50, ONES);
    stretch.put(Long.MIN_VALUE / 2, ONES);
    assertThat(stretch.samples()[0]).containsOnly(0);
    stretch.put(-60, ONES);
    assertThat(Arrays.copyOf(stretch.samples()[0], 40)).containsOnly(1);
    assertThat(Arrays.copyOfRange(stretch.samples()[0], 40, 50)).containsOnly(0);
    stretch.put(40, TWOS);
    assertThat(Arrays.copyOfRange(stretch.samples()[0], 40, 50)).containsOnly(2);
  }

  @Test
  void anOverlapIsFaded() {
    SoundStretch stretch = new SoundStretch(1, 200);
    stretch.put(0, ONES);
    stretch.put(91, TWOS);
    float[] samples = stretch.samples()[0];
    assertThat(samples[90]).isEqualTo(1);
    for (int i = 91; i < 100; i++) {
      assertThat(samples[i] - samples[i - 1]).isBetween(0.099f, 0.101f);
    }
    assertThat(samples[100]).isEqualTo(2);
    assertThat(samples[191]).isZero();
  }

  @Test
  void aSmallHoleIsBridgedAndALargeOneSilent() {
    SoundStretch stretch = new SoundStretch(1, 1000);
    stretch.put(0, ONES);
    stretch.put(100 + SoundStretch.MAX_BRIDGE, TWOS);
    float[] samples = stretch.samples()[0];
    assertThat(samples[100 + SoundStretch.MAX_BRIDGE / 2]).isBetween(1.49f, 1.51f);
    stretch.put(200 + 2 * SoundStretch.MAX_BRIDGE + 1, ONES);
    assertThat(samples[200 + SoundStretch.MAX_BRIDGE]).isZero();
    assertThat(samples[200 + 2 * SoundStretch.MAX_BRIDGE]).isZero();
  }
}
