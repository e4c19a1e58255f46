package io.millrace.ingest.webrtc.talk;

import java.util.Arrays;

/**
 * Adds voices up: everybody's together, or without one, for who speaks does not hear himself.
 * Samples are signed 16 bits, and so is what comes out: louder sums are cut off. Not thread-safe.
 */
final class Mixer {
  private final int[] sum;
  private int samples;

  /**
   * @param maxSamples of a frame
   */
  Mixer(int maxSamples) {
    sum = new int[maxSamples];
  }

  /** Begins a frame of so many samples. */
  void begin(int frameSamples) {
    samples = frameSamples;
    Arrays.fill(sum, 0, samples, 0);
  }

  /** Adds a voice; borrowed. */
  void add(short[] voice) {
    for (int i = 0; i < samples; i++) {
      sum[i] += voice[i];
    }
  }

  /** Writes the sum of all. */
  void all(short[] out) {
    for (int i = 0; i < samples; i++) {
      out[i] = saturated(sum[i]);
    }
  }

  /** Writes the sum of all but a voice that was added; borrowed. */
  void allBut(short[] voice, short[] out) {
    for (int i = 0; i < samples; i++) {
      out[i] = saturated(sum[i] - voice[i]);
    }
  }

  private static short saturated(int sample) {
    return (short) Math.clamp(sample, Short.MIN_VALUE, Short.MAX_VALUE);
  }
}
