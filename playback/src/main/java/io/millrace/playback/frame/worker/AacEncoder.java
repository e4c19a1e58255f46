package io.millrace.playback.frame.worker;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AAC;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_set;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Encodes blocks of 1,024 samples as AAC LC. */
final class AacEncoder implements AutoCloseable {
  static final int BLOCK = 1024;

  /**
   * An encoded frame.
   *
   * @param sample the first it decodes to, counted from the first block
   */
  record Encoded(long sample, ByteBuffer data) {}

  private final AVCodecContext context;
  private final AVFrame frame;
  private final AVPacket packet;
  private final List<Encoded> encoded = new ArrayList<>();
  private long blocks;

  AacEncoder(int samplingHz, int channels, int bitsPerSecond) throws LibavException {
    AVCodec codec = avcodec_find_encoder(AV_CODEC_ID_AAC);
    context = avcodec_alloc_context3(codec);
    frame = av_frame_alloc();
    packet = av_packet_alloc();
    context.sample_rate(samplingHz);
    av_channel_layout_default(context.ch_layout(), channels);
    context.sample_fmt(AV_SAMPLE_FMT_FLTP);
    context.bit_rate(bitsPerSecond);
    context.time_base().num(1).den(samplingHz);
    context.thread_count(1);
    context.flags(context.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
    // The thorough search takes twice the time for nothing one hears at these rates.
    av_opt_set(context.priv_data(), "aac_coder", "fast", 0);
    frame.nb_samples(BLOCK);
    frame.format(AV_SAMPLE_FMT_FLTP);
    frame.sample_rate(samplingHz);
    av_channel_layout_default(frame.ch_layout(), channels);
    int code = avcodec_open2(context, codec, (AVDictionary) null);
    if (code >= 0) {
      code = av_frame_get_buffer(frame, 0);
    }
    if (code < 0) {
      close();
      LibavException.check(
          code, "cannot encode %d channels of %d Hz".formatted(channels, samplingHz));
    }
  }

  /** Takes the next block from samples of each channel; the arrays are borrowed. */
  void encode(float[][] samples, int from) throws LibavException {
    LibavException.check(av_frame_make_writable(frame), "no memory for a block of sound");
    for (int channel = 0; channel < samples.length; channel++) {
      frame
          .extended_data(channel)
          .capacity(BLOCK * 4L)
          .asByteBuffer()
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer()
          .put(samples[channel], from, BLOCK);
    }
    frame.pts(blocks++ * BLOCK);
    LibavException.check(avcodec_send_frame(context, frame), "cannot encode the sound");
    while (true) {
      int code = avcodec_receive_packet(context, packet);
      if (code == AVERROR_EAGAIN()) {
        return;
      }
      LibavException.check(code, "cannot encode the sound");
      byte[] data = new byte[packet.size()];
      packet.data().get(data);
      encoded.add(new Encoded(packet.pts(), ByteBuffer.wrap(data)));
      av_packet_unref(packet);
    }
  }

  /** What is ready so far; the last block or two are still looked at. */
  List<Encoded> encoded() {
    return encoded;
  }

  @Override
  public void close() {
    av_packet_free(packet);
    av_frame_free(frame);
    avcodec_free_context(context);
  }
}
