package io.millrace.playback.sound;

import io.millrace.playback.frame.worker.WorkerProtocol;

/**
 * The most sound that one job may have.
 *
 * @param samples of all channels together, since they stay in a worker's memory
 * @param frames coded frames
 */
public record SoundBounds(long samples, int frames) {
  /** What a worker takes: one minute of 48 kHz stereo, 16,384 frames. */
  public static final SoundBounds DEFAULTS =
      new SoundBounds(WorkerProtocol.MAX_SOUND_SAMPLES, WorkerProtocol.MAX_UNITS);

  /** Throws IllegalArgumentException beyond the limit. */
  void check(long samplesPerChannel, SoundSource source) {
    if (samplesPerChannel * source.channels() > samples) {
      throw new IllegalArgumentException(
          "%d s of sound are more than are encoded at once"
              .formatted(samplesPerChannel / source.samplingHz()));
    }
  }

  /** Throws IllegalArgumentException beyond the limit. */
  void check(int codedFrames) {
    if (codedFrames > frames) {
      throw new IllegalArgumentException(
          codedFrames + " frames of sound are more than are decoded at once");
    }
  }
}
