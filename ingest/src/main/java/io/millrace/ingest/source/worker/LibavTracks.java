package io.millrace.ingest.source.worker;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AAC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AV1;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_HEVC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MJPEG;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_OPUS;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_PCM_ALAW;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_PCM_MULAW;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP9;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;

import io.millrace.media.codec.Codec;
import io.millrace.media.opus.OpusConfig;
import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import io.millrace.media.track.Track.TrackType;
import io.millrace.media.track.Track.VideoFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;

/** Tracks made from what libav found out about streams. */
final class LibavTracks {
  private static final int WAVE_ALAW = 6;
  private static final int WAVE_ULAW = 7;
  private static final int BITS_OF_G711 = 8;

  private LibavTracks() {}

  /** The track of a stream; empty where its codec cannot be stored. */
  static Optional<Track> of(int number, AVCodecParameters stream) {
    return id(stream.codec_id())
        .map(
            id ->
                stream.codec_type() == AVMEDIA_TYPE_VIDEO
                    ? new Track(
                        number,
                        number,
                        TrackType.VIDEO,
                        "",
                        id,
                        setup(stream),
                        0,
                        stream.width() > 0
                            ? Optional.of(new VideoFormat(stream.width(), stream.height()))
                            : Optional.empty(),
                        Optional.empty())
                    : new Track(
                        number,
                        number,
                        TrackType.AUDIO,
                        "",
                        id,
                        soundSetup(stream),
                        0,
                        Optional.empty(),
                        Optional.of(sound(stream))));
  }

  /** What libav calls a codec. */
  static String name(AVCodecParameters stream) {
    return avcodec_get_name(stream.codec_id()).getString();
  }

  private static Optional<String> id(int codec) {
    return switch (codec) {
      case AV_CODEC_ID_H264 -> Optional.of(Codec.H264_ID);
      case AV_CODEC_ID_HEVC -> Optional.of(Codec.H265_ID);
      case AV_CODEC_ID_VP8 -> Optional.of(Codec.VP8_ID);
      case AV_CODEC_ID_VP9 -> Optional.of(Codec.VP9_ID);
      case AV_CODEC_ID_AV1 -> Optional.of(Codec.AV1_ID);
      case AV_CODEC_ID_MJPEG -> Optional.of("V_MJPEG");
      case AV_CODEC_ID_AAC -> Optional.of(Codec.AAC_ID);
      case AV_CODEC_ID_OPUS -> Optional.of(Codec.OPUS_ID);
      case AV_CODEC_ID_PCM_ALAW, AV_CODEC_ID_PCM_MULAW -> Optional.of(Codec.ACM_ID);
      default -> Optional.empty();
    };
  }

  private static AudioFormat sound(AVCodecParameters stream) {
    int channels = Math.max(1, stream.ch_layout().nb_channels());
    return stream.codec_id() == AV_CODEC_ID_OPUS
        ? new AudioFormat(OpusConfig.SAMPLING_HZ, channels, 0)
        : new AudioFormat(stream.sample_rate(), channels, 0);
  }

  private static CodecPrivateData soundSetup(AVCodecParameters stream) {
    AudioFormat sound = sound(stream);
    return switch (stream.codec_id()) {
      case AV_CODEC_ID_PCM_ALAW -> wave(WAVE_ALAW, sound);
      case AV_CODEC_ID_PCM_MULAW -> wave(WAVE_ULAW, sound);
      case AV_CODEC_ID_OPUS ->
          stream.extradata_size() > 0 ? setup(stream) : OpusConfig.build(sound.channels());
      default -> setup(stream);
    };
  }

  /** WAVEFORMATEX. */
  private static CodecPrivateData wave(int tag, AudioFormat sound) {
    int hz = (int) sound.samplingHz();
    short channels = (short) sound.channels();
    ByteBuffer wave = ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN);
    wave.putShort((short) tag).putShort(channels).putInt(hz).putInt(hz * channels);
    wave.putShort(channels).putShort((short) BITS_OF_G711).putShort((short) 0);
    return CodecPrivateData.copyOf(wave.flip());
  }

  private static CodecPrivateData setup(AVCodecParameters stream) {
    int size = stream.extradata_size();
    if (size <= 0 || stream.codec_id() == AV_CODEC_ID_MJPEG) {
      return CodecPrivateData.EMPTY;
    }
    byte[] bytes = new byte[size];
    stream.extradata().get(bytes);
    return CodecPrivateData.copyOf(bytes);
  }
}
