package io.millrace.server.demo;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_I;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_NONE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/** H.264 in Annex B from planar pictures, without B-frames. Not thread-safe; close it. */
final class H264Encoder implements AutoCloseable {
  private final AVCodecContext context;
  private final AVFrame frame;
  private final AVPacket packet;

  /** Pixels, frames per second and bits per second; keyframes are the caller's choice. */
  H264Encoder(int width, int height, int framesPerSecond, int bitsPerSecond) {
    AVCodec codec = avcodec_find_encoder_by_name("libopenh264");
    if (codec == null || codec.isNull()) {
      throw new IllegalStateException("this libav has no H.264 encoder");
    }
    context = avcodec_alloc_context3(codec);
    context.width(width);
    context.height(height);
    context.pix_fmt(AV_PIX_FMT_YUV420P);
    context.time_base().num(1);
    context.time_base().den(1000);
    context.framerate().num(framesPerSecond);
    context.framerate().den(1);
    context.bit_rate(bitsPerSecond);
    context.gop_size(framesPerSecond * 10);
    context.max_b_frames(0);
    context.thread_count(1);
    context.flags(context.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
    AvError.check(avcodec_open2(context, codec, (AVDictionary) null), "opening the H.264 encoder");
    frame = av_frame_alloc();
    frame.format(AV_PIX_FMT_YUV420P);
    frame.width(width);
    frame.height(height);
    AvError.check(av_frame_get_buffer(frame, 0), "allocating a picture");
    packet = av_packet_alloc();
  }

  /** SPS and PPS in Annex B. */
  byte[] parameterSets() {
    byte[] bytes = new byte[context.extradata_size()];
    context.extradata().get(bytes);
    return bytes;
  }

  /** One access unit per picture, in Annex B. */
  EncodedUnit encode(TestScene scene, long ptsMillis, boolean keyframe) {
    AvError.check(av_frame_make_writable(frame), "reusing a picture");
    copyPlane(scene.luma, 0, scene.width, scene.height);
    copyPlane(scene.chromaBlue, 1, scene.width / 2, scene.height / 2);
    copyPlane(scene.chromaRed, 2, scene.width / 2, scene.height / 2);
    frame.pts(ptsMillis);
    frame.pict_type(keyframe ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE);
    AvError.check(avcodec_send_frame(context, frame), "encoding a picture");
    AvError.check(avcodec_receive_packet(context, packet), "fetching an access unit");
    byte[] bytes = new byte[packet.size()];
    packet.data().get(bytes);
    boolean isKey = (packet.flags() & AV_PKT_FLAG_KEY) != 0;
    av_packet_unref(packet);
    return new EncodedUnit(ptsMillis, isKey, ByteBuffer.wrap(bytes));
  }

  private void copyPlane(byte[] samples, int plane, int width, int height) {
    int stride = frame.linesize(plane);
    BytePointer rows = frame.data(plane);
    for (int y = 0; y < height; y++) {
      rows.position((long) y * stride).put(samples, y * width, width);
    }
    rows.position(0);
  }

  @Override
  public void close() {
    av_packet_free(packet);
    av_frame_free(frame);
    avcodec_free_context(context);
  }
}
