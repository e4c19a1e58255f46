package io.millrace.ingest.webrtc.talk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** With a lead of 60 ms and room for 400 ms, in packets of 20 ms. */
class VoiceQueueTest {
  private static final int HERTZ = 1_000;
  private final VoiceQueue queue = new VoiceQueue(TalkSettings.defaults());
  private final Tone tone = new Tone(HERTZ);
  private final short[] out = new short[VoiceEncoder.MAX_SAMPLES];

  private int offer(int packets) {
    int dropped = 0;
    for (int i = 0; i < packets; i++) {
      dropped += queue.offer(tone.packet());
    }
    return dropped;
  }

  /** Reads 20 ms: whether there was anything to hear. */
  private boolean hears() {
    queue.read(out, Tone.FRAME);
    for (int i = 0; i < Tone.FRAME; i++) {
      if (out[i] != 0) {
        return true;
      }
    }
    return false;
  }

  @Test
  void soundIsKeptBackAgainstJitter() {
    offer(2);
    assertThat(hears()).as("40 ms wait").isFalse();
    offer(1);
    assertThat(hears()).as("60 ms wait").isTrue();
    assertThat(hears()).isTrue();
    assertThat(hears()).as("a packet late").isTrue();
    assertThat(hears()).as("run dry").isFalse();
    offer(2);
    assertThat(hears()).as("kept back anew").isFalse();
    offer(1);
    assertThat(hears()).isTrue();
  }

  @Test
  void jitterAndDriftDoNotInterruptATone() {
    Random random = new Random(4);
    offer(3);
    int due = 0;
    for (int frame = 0; frame < 300; frame++) {
      boolean heard = hears();
      assertThat(heard).as("frame %d", frame).isTrue();
      if (frame > 10) {
        assertThat(Tone.loudness(out, 0, Tone.FRAME, HERTZ)).isBetween(0.7, 1.3);
      }
      // Packets come in twos now and then.
      due++;
      if (due == 2 || random.nextBoolean()) {
        offer(due);
        due = 0;
      }
    }
  }

  @Test
  void framesOfAnyLengthCanBeTaken() {
    offer(10);
    for (int samples : new int[] {120, 240, 480, 960, 1920, 2880}) {
      queue.read(out, samples);
    }
    assertThat(Tone.loudness(out, 0, 2880, HERTZ)).isBetween(0.8, 1.2);
  }

  @Test
  void whatWaitsIsBounded() {
    assertThat(offer(20)).as("400 ms").isZero();
    assertThat(offer(1)).as("down to the lead").isEqualTo(18);
    assertThat(hears() && hears() && hears()).isTrue();
    assertThat(hears()).isFalse();
  }

  @Test
  void aDelayThatIsNotNeededShrinks() {
    offer(12);
    for (int frame = 0; frame < 500; frame++) {
      assertThat(hears()).isTrue();
      offer(1);
    }
    int waiting = 0;
    while (hears()) {
      waiting++;
    }
    // 60 ms and the packet offered last.
    assertThat(waiting).isEqualTo(4);
  }

  @Test
  void whatCannotBeDecodedIsSilenceOfItsLength() {
    byte[] broken = tone.packet();
    // Many frames of which the packet has no bytes.
    byte[] cut = {(byte) (broken[0] | 3), 4, 1};
    short[] pcm = new short[VoiceDecoder.MAX_SAMPLES];
    assertThat(new VoiceDecoder().decode(cut, pcm, 0)).isZero();
    assertThat(queue.offer(cut)).isZero();
    offer(2);
    for (int frame = 0; frame < 4; frame++) {
      assertThat(hears()).as("frame %d", frame).isFalse();
    }
    assertThat(hears()).isTrue();
    assertThat(hears()).isTrue();
    assertThat(hears()).isFalse();
  }

  @Test
  void whatIsNoPacketIsDropped() {
    assertThat(queue.offer(new byte[0])).isEqualTo(1);
    // Three frames of 60 ms are more than a packet may have.
    assertThat(queue.offer(new byte[] {(byte) 0x1b, 3, 0})).isEqualTo(1);
  }
}
