package io.millrace.ingest.webrtc.talk;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Everybody sends a tone of his own, and is asked which ones he hears. */
class ConversationTest {
  private static final long MILLIS = 1_000_000;
  private static final int MASTER = 440;
  private static final int[] PITCHES = {1_000, 1_700, 2_600, 3_500};
  private static final double HEARD = 0.5;
  private static final double UNHEARD = 0.05;

  private final WebRtcMetrics metrics = new WebRtcMetrics();
  private final Conversation conversation = new Conversation(TalkSettings.defaults(), metrics);
  private final Tone master = new Tone(MASTER);
  private final List<Talker> talkers = new ArrayList<>();
  private final List<Tone> tones = new ArrayList<>();
  private final List<Ear> ears = new ArrayList<>();
  private final Ear mastersEar = new Ear();
  private final Ear stored = new Ear();
  private long nowNanos = 5_000 * MILLIS;

  private void viewers(int count) {
    for (int i = 0; i < count; i++) {
      talkers.add(conversation.join());
      tones.add(new Tone(PITCHES[i]));
      ears.add(new Ear());
    }
  }

  /** Half a second of all. */
  private void talk(int speaking) {
    for (int frame = 0; frame < 25; frame++) {
      nowNanos += 20 * MILLIS;
      for (int i = 0; i < speaking; i++) {
        talkers.get(i).speak(ByteBuffer.wrap(tones.get(i).packet()), nowNanos);
      }
      byte[] packet = master.packet();
      Mix mix = conversation.isTalking(nowNanos) ? conversation.mix(packet) : null;
      ByteBuffer stream = mix == null ? ByteBuffer.wrap(packet) : mix.all();
      stored.hear(stream);
      for (int i = 0; i < talkers.size(); i++) {
        ears.get(i).hear(Objects.requireNonNullElse(talkers.get(i).hear(stream), stream));
      }
      if (mix != null && mix.withoutMaster() != null) {
        mastersEar.hear(mix.withoutMaster());
      }
    }
  }

  private static void assertHears(Ear ear, int... pitches) {
    for (int pitch : new int[] {MASTER, PITCHES[0], PITCHES[1], PITCHES[2], PITCHES[3]}) {
      boolean wanted = false;
      for (int each : pitches) {
        wanted |= each == pitch;
      }
      if (wanted) {
        assertThat(ear.of(pitch)).as("%d Hz", pitch).isGreaterThan(HEARD);
      } else {
        assertThat(ear.of(pitch)).as("%d Hz", pitch).isLessThan(UNHEARD);
      }
    }
  }

  @Test
  void nothingIsMixedWhileNobodyTalks() {
    viewers(2);
    talk(0);
    assertHears(stored, MASTER);
    assertHears(ears.getFirst(), MASTER);
    assertThat(mastersEar.samples()).isZero();
    assertThat(metrics.mixedFrames.sum() + metrics.unmixedFrames.sum()).isZero();
  }

  @Test
  void oneTalkerIsHeardByAllButHimself() {
    viewers(2);
    talk(1);
    assertHears(stored, MASTER, PITCHES[0]);
    assertHears(mastersEar, PITCHES[0]);
    assertHears(ears.get(0), MASTER);
    assertHears(ears.get(1), MASTER, PITCHES[0]);
    assertThat(metrics.talkers.sum()).isEqualTo(1);
    assertThat(stored.samples()).as("as long as the master's").isEqualTo(25 * Tone.FRAME);
  }

  @Test
  void threeTalkersHearEachOtherAndAFourthIsHeardByNobody() {
    viewers(4);
    talk(4);
    assertHears(stored, MASTER, PITCHES[0], PITCHES[1], PITCHES[2]);
    assertHears(mastersEar, PITCHES[0], PITCHES[1], PITCHES[2]);
    assertHears(ears.get(0), MASTER, PITCHES[1], PITCHES[2]);
    assertHears(ears.get(1), MASTER, PITCHES[0], PITCHES[2]);
    assertHears(ears.get(2), MASTER, PITCHES[0], PITCHES[1]);
    assertHears(ears.get(3), MASTER, PITCHES[0], PITCHES[1], PITCHES[2]);
    assertThat(metrics.talkers.sum()).isEqualTo(3);
    assertThat(metrics.unheardPackets.sum()).isEqualTo(25);
    talkers.getFirst().leave();
    talkers.removeFirst();
    tones.removeFirst();
    ears.removeFirst();
    talk(3);
    assertHears(stored, MASTER, PITCHES[1], PITCHES[2], PITCHES[3]);
    assertHears(ears.get(2), MASTER, PITCHES[1], PITCHES[2]);
  }

  @Test
  void whoFallsSilentLosesItsPlaceAndTheMasterIsAsBefore() {
    viewers(2);
    talk(1);
    nowNanos += 1_000 * MILLIS;
    assertThat(conversation.isTalking(nowNanos)).as("at the limit").isTrue();
    assertThat(conversation.isTalking(nowNanos + 1)).as("one beyond").isFalse();
    assertThat(metrics.talkers.sum()).isZero();
    byte[] packet = master.packet();
    assertThat(conversation.mix(packet)).isNull();
    nowNanos += 20 * MILLIS;
    talk(0);
    assertHears(stored, MASTER);
    talk(2);
    assertHears(stored, MASTER, PITCHES[0], PITCHES[1]);
  }

  @Test
  void openMicrophonesThatGiveNothingDoNotChangeTheStream() {
    viewers(1);
    Tone silence = Tone.silence();
    int unchanged = 0;
    for (int frame = 0; frame < 100; frame++) {
      nowNanos += 20 * MILLIS;
      talkers.getFirst().speak(ByteBuffer.wrap(silence.packet()), nowNanos);
      byte[] packet = master.packet();
      assertThat(conversation.isTalking(nowNanos)).isTrue();
      Mix mix = conversation.mix(packet);
      boolean same = mix.all().equals(ByteBuffer.wrap(packet));
      assertThat(same).as("frame %d, silent for a second", frame).isEqualTo(frame >= 50);
      assertThat(mix.withoutMaster() == null).isEqualTo(same);
      assertThat(talkers.getFirst().hear(mix.all()) == null).isEqualTo(same);
      unchanged += same ? 1 : 0;
    }
    assertThat(unchanged).isEqualTo(50);
    assertThat(metrics.unmixedFrames.sum()).isZero();
    talk(1);
    assertHears(stored, MASTER, PITCHES[0]);
    assertHears(mastersEar, PITCHES[0]);
  }

  @Test
  void lengthsOfFramesAreTheMasters() {
    viewers(1);
    talk(1);
    for (int samples : new int[] {120, 240, 480, 960, 1920, 2880}) {
      Mix mix = conversation.mix(master.packet(samples));
      int before = stored.samples();
      stored.hear(mix.all());
      assertThat(stored.samples() - before).isEqualTo(samples);
    }
    // 120 ms, two frames of 60 ms, and what is none at all.
    assertThat(conversation.mix(new byte[] {(byte) 0x19, 0, 0})).isNull();
    assertThat(conversation.mix(new byte[0])).isNull();
    assertThat(metrics.unmixedFrames.sum()).isEqualTo(2);
  }

  @Test
  void framesOnTheirWayToAViewerAreBounded() {
    Talker talker = conversation.join();
    for (int number = 0; number < 65; number++) {
      talker.hears(new byte[] {1, (byte) number}, new byte[] {2, (byte) number});
    }
    ByteBuffer first = ByteBuffer.wrap(new byte[] {1, 0});
    assertThat(talker.hear(first)).as("one beyond").isNull();
    assertThat(talker.hear(ByteBuffer.wrap(new byte[] {1, 1})))
        .isEqualTo(ByteBuffer.wrap(new byte[] {2, 1}));
    assertThat(talker.hear(ByteBuffer.wrap(new byte[] {1, 64})))
        .as("after frames that the viewer missed")
        .isEqualTo(ByteBuffer.wrap(new byte[] {2, 64}));
    ByteBuffer missed = ByteBuffer.wrap(new byte[] {1, 63});
    assertThat(talker.hear(missed)).isNull();
  }
}
