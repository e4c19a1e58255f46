package io.millrace.ingest.webrtc.talk;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Somebody who listens, and can tell afterwards what there was to hear. */
final class Ear {
  private final VoiceDecoder decoder = new VoiceDecoder();
  private short[] heard = new short[0];

  void hear(ByteBuffer packet) {
    byte[] bytes = new byte[packet.remaining()];
    packet.get(packet.position(), bytes);
    short[] out = new short[VoiceDecoder.MAX_SAMPLES];
    int samples = decoder.decode(bytes, out, 0);
    int before = heard.length;
    heard = Arrays.copyOf(heard, before + samples);
    System.arraycopy(out, 0, heard, before, samples);
  }

  int samples() {
    return heard.length;
  }

  /** Loudness of a pitch in the last fifth of a second. */
  double of(int hertz) {
    return Tone.loudness(heard, heard.length - 9_600, heard.length, hertz);
  }
}
