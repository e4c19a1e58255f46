package io.millrace.playback.frame.worker;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_QSCALE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MJPEG;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_PNG;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.FF_QP2LAMBDA;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Encodes pictures of one size as JPEG or PNG. */
final class PictureEncoder implements AutoCloseable {
  /** What the caller asked for; width and height 0 are derived from the source. */
  record Request(boolean png, int quality, int width, int height) {}

  /** Above this level PNG takes several times longer for a few per cent. */
  private static final int PNG_COMPRESSION_LEVEL = 1;

  private final AVCodecContext context;
  private final PictureScaler scaler;
  private final Request request;
  private final int width;
  private final int height;
  private long encoded;

  PictureEncoder(Request request, int sourceWidth, int sourceHeight) throws LibavException {
    this.request = request;
    this.width = targetWidth(request, sourceWidth, sourceHeight);
    this.height = targetHeight(request, sourceWidth, sourceHeight);
    int pixelFormat = request.png ? AV_PIX_FMT_RGB24 : AV_PIX_FMT_YUVJ420P;
    AVCodec codec = avcodec_find_encoder(request.png ? AV_CODEC_ID_PNG : AV_CODEC_ID_MJPEG);
    context = avcodec_alloc_context3(codec);
    scaler = new PictureScaler(width, height, pixelFormat);
    context.width(width);
    context.height(height);
    context.pix_fmt(pixelFormat);
    context.color_range(AVCOL_RANGE_JPEG);
    context.time_base().num(1).den(1);
    context.thread_count(1);
    if (request.png) {
      context.compression_level(PNG_COMPRESSION_LEVEL);
    } else {
      context.flags(context.flags() | AV_CODEC_FLAG_QSCALE);
      context.qmin(1);
      context.global_quality(quantiser(request.quality) * FF_QP2LAMBDA);
    }
    int code = avcodec_open2(context, codec, (AVDictionary) null);
    if (code < 0) {
      close();
      LibavException.check(code, "cannot encode a picture of " + width + "x" + height);
    }
  }

  /** One file; the caller frees the packet. */
  AVPacket encode(AVFrame source) throws LibavException {
    AVFrame picture = scaler.scale(source);
    picture.pts(encoded++);
    picture.quality(context.global_quality());
    LibavException.check(avcodec_send_frame(context, picture), "cannot encode the picture");
    AVPacket packet = av_packet_alloc();
    int code = avcodec_receive_packet(context, packet);
    if (code < 0) {
      av_packet_free(packet);
      LibavException.check(code, "cannot encode the picture");
    }
    return packet;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  boolean png() {
    return request.png;
  }

  /**
   * The MPEG quantiser whose table comes closest to the one the usual 1..100 quality scale means:
   * that scale multiplies its table by 50/q below 50 and by 2 - q/50 above; quantiser 10 is about
   * its factor 1.
   */
  static int quantiser(int quality) {
    double factor = quality < 50 ? 50.0 / quality : 2 - quality / 50.0;
    return Math.clamp(Math.round(factor * 10), 1, 31);
  }

  private static int targetWidth(Request request, int sourceWidth, int sourceHeight) {
    if (request.width > 0) {
      return request.width;
    }
    return request.height > 0 ? scaled(sourceWidth, request.height, sourceHeight) : sourceWidth;
  }

  private static int targetHeight(Request request, int sourceWidth, int sourceHeight) {
    if (request.height > 0) {
      return request.height;
    }
    return request.width > 0 ? scaled(sourceHeight, request.width, sourceWidth) : sourceHeight;
  }

  private static int scaled(int value, int numerator, int denominator) {
    return Math.clamp(Math.round((double) value * numerator / denominator), 1, 16_384);
  }

  @Override
  public void close() {
    scaler.close();
    avcodec_free_context(context);
  }
}
