package io.millrace.ingest.webrtc.talk;

import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusException;
import io.millrace.media.opus.OpusConfig;

/** Opus packets of one sender to samples: 48 kHz, mono. Not thread-safe. */
final class VoiceDecoder {
  /** Samples of the longest packet, 120 ms. */
  static final int MAX_SAMPLES = 5760;

  private OpusDecoder decoder = fresh();

  private static OpusDecoder fresh() {
    try {
      return new OpusDecoder(OpusConfig.SAMPLING_HZ, 1);
    } catch (OpusException e) {
      throw new IllegalStateException("every decoder has 48 kHz and one channel", e);
    }
  }

  /**
   * Decodes a packet.
   *
   * @param packet from anyone; borrowed
   * @param out has room for {@link #MAX_SAMPLES} from {@code at} on
   * @return samples written; 0 for what cannot be decoded
   */
  int decode(byte[] packet, short[] out, int at) {
    try {
      return decoder.decode(packet, 0, packet.length, out, at, MAX_SAMPLES, false);
    } catch (OpusException | RuntimeException | AssertionError e) {
      // Anyone may send anything; what it left behind in the decoder is not to be heard.
      decoder = fresh();
      return 0;
    }
  }
}
