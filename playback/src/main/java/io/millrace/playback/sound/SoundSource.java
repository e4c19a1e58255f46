package io.millrace.playback.sound;

import io.millrace.media.aac.AacConfig;
import io.millrace.media.codec.Codec;
import io.millrace.media.opus.OpusConfig;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A track of sound that can be made into AAC, as cameras and browsers send it.
 *
 * @param track as stored
 * @param codec A-law, mu-law or Opus
 * @param samplingHz of the decoded sound and of the AAC
 * @param channels 1 or 2
 * @param skippedSamples by which decoded samples are heard before the times of their frames: the
 *     pre-skip of Opus, which Matroska calls its codec delay
 */
public record SoundSource(
    Track track, Codec codec, int samplingHz, int channels, int skippedSamples) {
  private static final int MAX_CHANNELS = 2;

  /** Above this rate 64 kbit/s a channel are enough; below it 8 kbit for each 1 kHz. */
  private static final int MAX_CHANNEL_BITS_PER_SECOND = 64_000;

  private static final int BITS_PER_SAMPLE = 4;

  /**
   * After so much a decoder of Opus that began anywhere agrees with others (RFC 7845 4.6): 80 ms.
   */
  private static final int OPUS_RUN_UP = OpusConfig.SAMPLING_HZ * 80 / 1000;

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
        case OPUS -> opus(track);
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
        track, codec, wave.getInt(WAVE_RATE_AT), wave.getShort(WAVE_CHANNELS_AT) & 0xffff, 0);
  }

  private static Optional<SoundSource> opus(Track track) throws MediaException {
    CodecPrivateData setup =
        track.codecPrivate().isEmpty()
            ? OpusConfig.build(track.audio().map(AudioFormat::channels).orElse(1))
            : track.codecPrivate();
    OpusConfig config = OpusConfig.parse(setup.view());
    return checked(
        track, Codec.OPUS, OpusConfig.SAMPLING_HZ, config.channels(), config.preSkipSamples());
  }

  private static Optional<SoundSource> checked(
      Track track, Codec codec, int samplingHz, int channels, int skipped) throws MediaException {
    if (channels < 1 || channels > MAX_CHANNELS) {
      return Optional.empty();
    }
    AacConfig.buildLowComplexity(samplingHz, channels);
    return Optional.of(new SoundSource(track, codec, samplingHz, channels, skipped));
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
    return codec == Codec.OPUS ? OpusConfig.samples(frame) : frame.remaining() / channels;
  }

  /** Samples to decode before the first wanted one. */
  int runUpSamples() {
    return codec == Codec.OPUS ? OPUS_RUN_UP : 0;
  }

  /** What the AAC may take. */
  int bitsPerSecond() {
    return channels * Math.min(MAX_CHANNEL_BITS_PER_SECOND, BITS_PER_SAMPLE * samplingHz);
  }
}
