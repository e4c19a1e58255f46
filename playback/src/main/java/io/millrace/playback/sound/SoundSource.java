package io.millrace.playback.sound;

import io.millrace.media.aac.AacConfig;
import io.millrace.media.codec.Codec;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A track of sound that can be made into AAC, as cameras send it.
 *
 * @param track as stored
 * @param codec A-law or mu-law
 * @param samplingHz of the decoded sound and of the AAC
 * @param channels 1 or 2
 */
public record SoundSource(Track track, Codec codec, int samplingHz, int channels) {
  private static final int MAX_CHANNELS = 2;

  /** Above this rate 64 kbit/s a channel are enough; below it 8 kbit for each 1 kHz. */
  private static final int MAX_CHANNEL_BITS_PER_SECOND = 64_000;

  private static final int BITS_PER_SAMPLE = 4;

  /** Where WAVEFORMATEX has its channels and its rate. */
  private static final int WAVE_CHANNELS_AT = 2;

  private static final int WAVE_RATE_AT = 4;
  private static final int WAVE_SIZE = 16;

  /** The source that a track is; empty when it has another codec or a form that is not served. */
  public static Optional<SoundSource> of(Track track) {
    try {
      Codec codec = Codec.of(track);
      return switch (codec) {
        case G711_ALAW, G711_ULAW -> g711(track, codec);
        default -> Optional.empty();
      };
    } catch (MediaException e) {
      return Optional.empty();
    }
  }

  private static Optional<SoundSource> g711(Track track, Codec codec) throws MediaException {
    ByteBuffer wave = track.codecPrivate().view().order(ByteOrder.LITTLE_ENDIAN);
    if (wave.remaining() < WAVE_SIZE) {
      return Optional.empty();
    }
    return checked(
        track, codec, wave.getInt(WAVE_RATE_AT), wave.getShort(WAVE_CHANNELS_AT) & 0xffff);
  }

  private static Optional<SoundSource> checked(
      Track track, Codec codec, int samplingHz, int channels) throws MediaException {
    if (channels < 1 || channels > MAX_CHANNELS) {
      return Optional.empty();
    }
    AacConfig.buildLowComplexity(samplingHz, channels);
    return Optional.of(new SoundSource(track, codec, samplingHz, channels));
  }

  /** The track that players are given instead. */
  public Track asAac() {
    try {
      return new Track(
          track.number(),
          track.uid(),
          track.type(),
          track.name(),
          Codec.AAC_ID,
          AacConfig.buildLowComplexity(samplingHz, channels),
          0,
          track.video(),
          Optional.of(new AudioFormat(samplingHz, channels, 0)));
    } catch (MediaException e) {
      throw new IllegalStateException("a rate that was checked: " + samplingHz, e);
    }
  }

  /** Samples of one channel in a frame, 0 when it cannot be told. */
  int samples(ByteBuffer frame) {
    return frame.remaining() / channels;
  }

  /** What the AAC may take. */
  int bitsPerSecond() {
    return channels * Math.min(MAX_CHANNEL_BITS_PER_SECOND, BITS_PER_SAMPLE * samplingHz);
  }
}
