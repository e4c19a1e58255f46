package io.millrace.server.demo;

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
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.FloatPointer;

/**
 * AAC-LC from a synthetic tone: 100 ms of beep at every full second of wall-clock time, so that
 * sound can be held against the picture's clock. Mono, 48 kHz. Not thread-safe; close it.
 */
final class AacEncoder implements AutoCloseable {
  static final int SAMPLING_HZ = 48_000;
  static final int FRAME_SAMPLES = 1024;
  private static final int BEEP_MILLIS = 100;

  private final AVCodecContext context;
  private final AVFrame frame;
  private final AVPacket packet;
  private final long startMillis;
  private final double toneHz;
  private long samplesDone;

  AacEncoder(long startMillis, double toneHz, int bitsPerSecond) {
    this.startMillis = startMillis;
    this.toneHz = toneHz;
    AVCodec codec = avcodec_find_encoder(AV_CODEC_ID_AAC);
    context = avcodec_alloc_context3(codec);
    context.sample_rate(SAMPLING_HZ);
    context.sample_fmt(AV_SAMPLE_FMT_FLTP);
    av_channel_layout_default(context.ch_layout(), 1);
    context.bit_rate(bitsPerSecond);
    context.time_base().num(1);
    context.time_base().den(SAMPLING_HZ);
    context.flags(context.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
    AvError.check(avcodec_open2(context, codec, (AVDictionary) null), "opening the AAC encoder");
    frame = av_frame_alloc();
    frame.format(AV_SAMPLE_FMT_FLTP);
    frame.sample_rate(SAMPLING_HZ);
    frame.nb_samples(FRAME_SAMPLES);
    av_channel_layout_default(frame.ch_layout(), 1);
    AvError.check(av_frame_get_buffer(frame, 0), "allocating samples");
    packet = av_packet_alloc();
  }

  /** AudioSpecificConfig. */
  byte[] audioSpecificConfig() {
    byte[] bytes = new byte[context.extradata_size()];
    context.extradata().get(bytes);
    return bytes;
  }

  /** Every audio frame that starts before the given time and was not handed out yet. */
  List<EncodedUnit> encodeUntil(long epochMillis) {
    List<EncodedUnit> units = new ArrayList<>();
    long untilSamples = (epochMillis - startMillis) * SAMPLING_HZ / 1000;
    while (samplesDone + FRAME_SAMPLES <= untilSamples) {
      encodeFrame(units);
    }
    return units;
  }

  private void encodeFrame(List<EncodedUnit> units) {
    AvError.check(av_frame_make_writable(frame), "reusing samples");
    float[] samples = new float[FRAME_SAMPLES];
    for (int i = 0; i < FRAME_SAMPLES; i++) {
      samples[i] = sampleAt(samplesDone + i);
    }
    new FloatPointer(frame.data(0)).put(samples);
    frame.pts(samplesDone);
    samplesDone += FRAME_SAMPLES;
    AvError.check(avcodec_send_frame(context, frame), "encoding samples");
    while (avcodec_receive_packet(context, packet) >= 0) {
      // The encoder's first frame only primes the decoder and lies before the start.
      if (packet.pts() >= 0) {
        byte[] bytes = new byte[packet.size()];
        packet.data().get(bytes);
        long ptsMillis = startMillis + packet.pts() * 1000 / SAMPLING_HZ;
        units.add(new EncodedUnit(ptsMillis, true, ByteBuffer.wrap(bytes)));
      }
      av_packet_unref(packet);
    }
  }

  private float sampleAt(long sample) {
    long millisOfSecond = (startMillis + sample * 1000 / SAMPLING_HZ) % 1000;
    double amplitude = millisOfSecond < BEEP_MILLIS ? 0.3 : 0;
    return (float) (amplitude * Math.sin(2 * Math.PI * toneHz * sample / SAMPLING_HZ));
  }

  @Override
  public void close() {
    av_packet_free(packet);
    av_frame_free(frame);
    avcodec_free_context(context);
  }
}
