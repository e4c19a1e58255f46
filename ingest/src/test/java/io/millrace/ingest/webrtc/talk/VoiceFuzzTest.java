package io.millrace.ingest.webrtc.talk;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Sound from anyone: what is no Opus is silence, and nothing else happens. */
class VoiceFuzzTest {
  /** Every way a packet can begin, with chance behind it, and real packets with errors. */
  static Stream<byte[]> packets() {
    Random random = new Random(8);
    Tone tone = new Tone(700);
    return Stream.iterate(0, number -> number < 128, number -> number + 1)
        .map(
            number -> {
              byte[] packet;
              if (number < 64) {
                packet = new byte[1 + random.nextInt(200)];
                random.nextBytes(packet);
                packet[0] = (byte) (4 * number + random.nextInt(4));
              } else {
                packet = tone.packet();
                packet[random.nextInt(packet.length)] ^= (byte) (1 << random.nextInt(8));
                packet = Arrays.copyOf(packet, 1 + random.nextInt(packet.length));
              }
              return packet;
            });
  }

  @MethodSource("packets")
  @FuzzTest(maxDuration = "60s")
  void decoding(byte[] data) {
    VoiceQueue queue = new VoiceQueue(TalkSettings.defaults());
    for (int i = 0; i < 8; i++) {
      var unused = queue.offer(data.clone());
    }
    short[] out = new short[VoiceEncoder.MAX_SAMPLES];
    for (int i = 0; i < 8; i++) {
      queue.read(out, VoiceEncoder.MAX_SAMPLES);
    }
    assertThat(new VoiceDecoder().decode(data, new short[VoiceDecoder.MAX_SAMPLES], 0))
        .isBetween(0, VoiceDecoder.MAX_SAMPLES);
  }
}
