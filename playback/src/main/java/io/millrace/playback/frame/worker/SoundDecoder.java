package io.millrace.playback.frame.worker;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_PCM_ALAW;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_PCM_MULAW;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S16;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Decodes G.711 and Opus into samples from -1 to 1, one array per channel. */
final class SoundDecoder implements AutoCloseable {
  private static final float FULL_SCALE = 32_768;

  private final AVCodecContext context;
  private final AVFrame frame;
  private final int channels;

  /**
   * @param codec name of the codec as the protocol has it
   */
  SoundDecoder(String codec, int samplingHz, int channels) throws LibavException {
    this.channels = channels;
    AVCodec decoder = decoder(codec);
    if (decoder == null || decoder.isNull()) {
      throw new LibavException("no decoder for " + codec + " in this libav build");
    }
    context = avcodec_alloc_context3(decoder);
    frame = av_frame_alloc();
    context.sample_rate(samplingHz);
    av_channel_layout_default(context.ch_layout(), channels);
    context.thread_count(1);
    int code = avcodec_open2(context, decoder, (AVDictionary) null);
    if (code < 0) {
      close();
      LibavException.check(code, "decoder setup is not usable");
    }
  }

  private static AVCodec decoder(String codec) throws LibavException {
    return switch (codec) {
      case "G711_ALAW" -> avcodec_find_decoder(AV_CODEC_ID_PCM_ALAW);
      case "G711_ULAW" -> avcodec_find_decoder(AV_CODEC_ID_PCM_MULAW);
      // Of the two it gives as many samples for each packet as the packet says.
      case "OPUS" -> avcodec_find_decoder_by_name("libopus");
      default -> throw new LibavException("sound of codec " + codec + " is not supported");
    };
  }

  /** Samples of each channel; none when the frame cannot be decoded. */
  float[][] decode(AVPacket packet) throws LibavException {
    if (avcodec_send_packet(context, packet) < 0 || avcodec_receive_frame(context, frame) < 0) {
      return new float[channels][0];
    }
    try {
      if (frame.ch_layout().nb_channels() != channels) {
        throw new LibavException("the number of channels is not the declared one");
      }
      return samples();
    } finally {
      av_frame_unref(frame);
    }
  }

  private float[][] samples() throws LibavException {
    int count = frame.nb_samples();
    float[][] samples = new float[channels][count];
    if (frame.format() != AV_SAMPLE_FMT_S16) {
      throw new LibavException("decoder gave samples of format " + frame.format());
    }
    ShortBuffer all =
        frame
            .data(0)
            .capacity(2L * count * channels)
            .asByteBuffer()
            .order(ByteOrder.nativeOrder())
            .asShortBuffer();
    for (int i = 0; i < count; i++) {
      for (int channel = 0; channel < channels; channel++) {
        samples[channel][i] = all.get() / FULL_SCALE;
      }
    }
    return samples;
  }

  @Override
  public void close() {
    av_frame_free(frame);
    avcodec_free_context(context);
  }
}
