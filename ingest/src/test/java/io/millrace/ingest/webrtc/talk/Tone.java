package io.millrace.ingest.webrtc.talk;

/** Sound of one pitch, as Opus packets, and how loud a pitch is in what came of it. */
final class Tone {
  static final int FRAME = 960;
  private static final double RATE = 48_000;
  private static final int LOUDNESS = 8_000;

  private final VoiceEncoder encoder = new VoiceEncoder(TalkSettings.defaults());
  private final int hertz;
  private final int loudness;
  private long position;

  Tone(int hertz) {
    this(hertz, LOUDNESS);
  }

  private Tone(int hertz, int loudness) {
    this.hertz = hertz;
    this.loudness = loudness;
  }

  /** What a microphone sends that is off. */
  static Tone silence() {
    return new Tone(0, 0);
  }

  /** The next 20 ms. */
  byte[] packet() {
    return packet(FRAME);
  }

  byte[] packet(int samples) {
    return encoder.encode(samples(samples), samples);
  }

  private short[] samples(int count) {
    short[] samples = new short[count];
    for (int i = 0; i < count; i++) {
      samples[i] = (short) (loudness * Math.sin(2 * Math.PI * hertz * position++ / RATE));
    }
    return samples;
  }

  /** Loudness of a pitch in samples, 1 for a tone as it was sent (Goertzel's algorithm). */
  static double loudness(short[] pcm, int from, int to, int hertz) {
    double step = 2 * Math.cos(2 * Math.PI * hertz / RATE);
    double last = 0;
    double before = 0;
    for (int i = from; i < to; i++) {
      double next = pcm[i] + step * last - before;
      before = last;
      last = next;
    }
    double power = last * last + before * before - step * last * before;
    return Math.sqrt(Math.max(0, power)) * 2 / (to - from) / LOUDNESS;
  }
}
