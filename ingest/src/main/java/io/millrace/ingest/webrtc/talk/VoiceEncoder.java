package io.millrace.ingest.webrtc.talk;

import io.github.jaredmdobson.concentus.OpusApplication;
import io.github.jaredmdobson.concentus.OpusEncoder;
import io.github.jaredmdobson.concentus.OpusException;
import io.millrace.media.opus.OpusConfig;
import java.util.Arrays;

/** Samples, 48 kHz and mono, to the Opus packets of one listener. Not thread-safe. */
final class VoiceEncoder {
  /** Samples of the longest frame, 60 ms. */
  static final int MAX_SAMPLES = 2880;

  private static final int MAX_BYTES = 1275 * 3;

  private final OpusEncoder encoder;
  private final byte[] out = new byte[MAX_BYTES];

  VoiceEncoder(TalkSettings settings) {
    try {
      // Not tuned for voice: the master's sound is anything, and this costs less than half.
      encoder = new OpusEncoder(OpusConfig.SAMPLING_HZ, 1, OpusApplication.OPUS_APPLICATION_AUDIO);
    } catch (OpusException e) {
      throw new IllegalStateException("every encoder has 48 kHz and one channel", e);
    }
    encoder.setBitrate(settings.bitrate());
    encoder.setComplexity(settings.complexity());
  }

  /** Whether a frame can have so many samples. */
  static boolean takes(int samples) {
    return switch (samples) {
      case 120, 240, 480, 960, 1920, MAX_SAMPLES -> true;
      default -> false;
    };
  }

  /**
   * Encodes a frame.
   *
   * @param samples as {@link #takes} says
   */
  byte[] encode(short[] pcm, int samples) {
    try {
      return Arrays.copyOf(out, encoder.encode(pcm, 0, samples, out, 0, out.length));
    } catch (OpusException e) {
      throw new IllegalStateException("samples of a frame: " + samples, e);
    }
  }
}
