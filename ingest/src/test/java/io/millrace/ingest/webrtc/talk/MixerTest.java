package io.millrace.ingest.webrtc.talk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MixerTest {
  private final Mixer mixer = new Mixer(4);
  private final short[] out = new short[4];

  @Test
  void everybodyIsHeardButNotByHimself() {
    short[] one = {1, 2, 3, 4};
    short[] two = {10, 20, 30, 40};
    mixer.begin(3);
    mixer.add(one);
    mixer.add(two);
    mixer.all(out);
    assertThat(out).containsExactly(11, 22, 33, 0);
    mixer.allBut(one, out);
    assertThat(out).containsExactly(10, 20, 30, 0);
    mixer.begin(4);
    mixer.all(out);
    assertThat(out).as("a frame begins silent").containsOnly(0);
  }

  @Test
  void whatIsTooLoudIsCutOffAndNotTurnedAround() {
    short[] loud = {Short.MAX_VALUE, Short.MIN_VALUE, 30_000, -30_000};
    mixer.begin(4);
    mixer.add(loud);
    mixer.all(out);
    assertThat(out).as("at the limit").isEqualTo(loud);
    mixer.add(new short[] {1, -1, 2_767, -2_768});
    mixer.all(out);
    assertThat(out)
        .as("one beyond, and at it")
        .containsExactly(Short.MAX_VALUE, Short.MIN_VALUE, Short.MAX_VALUE, Short.MIN_VALUE);
    mixer.add(loud);
    mixer.allBut(loud, out);
    assertThat(out).as("cut off last, not on the way").startsWith((short) 32_767, (short) -32_768);
  }
}
