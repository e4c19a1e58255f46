package io.millrace.playback.frame.worker;

/**
 * A stretch of samples that decoded frames are laid on, in rising order. Clocks of cameras and of
 * their sound differ by a little, so frames may overlap or leave some samples out where one clock
 * is set by the other: there one is faded into the other, so that nobody hears a click.
 */
final class SoundStretch {
  /** A hole of at most so many samples is bridged; a longer one is silent. */
  static final int MAX_BRIDGE = 256;

  private final float[][] samples;
  private final int length;
  private int filled;

  SoundStretch(int channels, int length) {
    this.samples = new float[channels][length];
    this.length = length;
  }

  /** One array per channel. */
  float[][] samples() {
    return samples;
  }

  /**
   * Lays a frame down; what lies outside of the stretch is dropped.
   *
   * @param first its first sample, counted from the start of the stretch
   */
  void put(long first, float[][] frame) {
    int count = frame[0].length;
    int from = (int) Math.clamp(-first, 0L, (long) count);
    int to = (int) Math.clamp(length - first, (long) from, (long) count);
    if (from == to) {
      return;
    }
    int begin = (int) (first + from);
    int end = (int) (first + to);
    int overlap = Math.clamp(filled - begin, 0, end - begin);
    for (int channel = 0; channel < samples.length; channel++) {
      float[] target = samples[channel];
      float[] source = frame[channel];
      for (int i = 0; i < overlap; i++) {
        float weight = (i + 1f) / (overlap + 1);
        target[begin + i] += (source[from + i] - target[begin + i]) * weight;
      }
      System.arraycopy(source, from + overlap, target, begin + overlap, end - begin - overlap);
      if (filled > 0 && begin > filled && begin - filled <= MAX_BRIDGE) {
        bridge(target, filled, begin);
      }
    }
    filled = Math.max(filled, end);
  }

  private static void bridge(float[] target, int from, int to) {
    float left = target[from - 1];
    float step = (target[to] - left) / (to - from + 1);
    for (int i = from; i < to; i++) {
      target[i] = left + step * (i - from + 1);
    }
  }
}
