package io.millrace.ingest.webrtc.talk;

import io.millrace.media.opus.OpusConfig;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One talker's sound between the network that brings it and the mix that needs so many samples at a
 * time: it is kept back a little against jitter, and bounded where the one is faster than the
 * other. Packets may be offered on any thread; it is read by one at a time.
 */
final class VoiceQueue {
  private final int leadSamples;
  private final int maxSamples;
  private final Deque<byte[]> packets = new ArrayDeque<>();
  private final VoiceDecoder decoder = new VoiceDecoder();
  private final short[] decoded = new short[VoiceEncoder.MAX_SAMPLES + VoiceDecoder.MAX_SAMPLES];
  private int decodedSamples;
  private int packetSamples;
  private boolean flowing;

  /** Least that waited since {@link #looked} began to count. */
  private int leastSamples = Integer.MAX_VALUE;

  private int looked;

  VoiceQueue(TalkSettings settings) {
    leadSamples = samples(settings.lead());
    maxSamples = samples(settings.maxDelay());
  }

  static int samples(Duration duration) {
    return Math.toIntExact(duration.toMillis() * OpusConfig.SAMPLING_HZ / 1000);
  }

  /**
   * Adds a packet.
   *
   * @param packet taken
   * @return packets dropped: it if it is none, or older ones where too much waits
   */
  synchronized int offer(byte[] packet) {
    int samples = OpusConfig.samples(ByteBuffer.wrap(packet));
    if (samples == 0) {
      return 1;
    }
    packets.add(packet);
    packetSamples += samples;
    int dropped = 0;
    if (packetSamples > maxSamples) {
      while (packetSamples > leadSamples && packets.size() > 1) {
        dropped++;
        var unused = poll();
      }
    }
    return dropped;
  }

  private synchronized byte @Nullable [] poll() {
    byte[] packet = packets.poll();
    if (packet != null) {
      packetSamples -= OpusConfig.samples(ByteBuffer.wrap(packet));
    }
    return packet;
  }

  private synchronized int waitingSamples() {
    return packetSamples + decodedSamples;
  }

  /**
   * Takes the next samples out; silence where there are none.
   *
   * @param samples at most {@link VoiceEncoder#MAX_SAMPLES}
   */
  void read(short[] out, int samples) {
    flowing = flowing || waitingSamples() >= leadSamples;
    int taken = flowing ? decode(samples) : 0;
    System.arraycopy(decoded, 0, out, 0, taken);
    Arrays.fill(out, taken, samples, (short) 0);
    decodedSamples -= taken;
    System.arraycopy(decoded, taken, decoded, 0, decodedSamples);
    // Who ran dry is kept back anew.
    flowing = flowing && taken == samples;
    shorten(samples);
  }

  private int decode(int samples) {
    while (decodedSamples < samples) {
      byte[] packet = poll();
      if (packet == null) {
        return decodedSamples;
      }
      int got = decoder.decode(packet, decoded, decodedSamples);
      if (got == 0) {
        // As long as it would have been, so that each frame takes few packets, whatever they are.
        got = OpusConfig.samples(ByteBuffer.wrap(packet));
        Arrays.fill(decoded, decodedSamples, decodedSamples + got, (short) 0);
      }
      decodedSamples += got;
    }
    return samples;
  }

  /** What waited for a whole second without need, as after a hold-up, is given up bit by bit. */
  private void shorten(int samples) {
    leastSamples = Math.min(leastSamples, waitingSamples());
    looked += samples;
    if (looked >= OpusConfig.SAMPLING_HZ) {
      if (leastSamples > leadSamples) {
        var unused = poll();
      }
      looked = 0;
      leastSamples = Integer.MAX_VALUE;
    }
  }
}
