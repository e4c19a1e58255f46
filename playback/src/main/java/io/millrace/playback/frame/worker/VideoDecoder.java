package io.millrace.playback.frame.worker;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_DEFAULT;
import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_NONREF;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AV1;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_HEVC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MJPEG;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP9;
import static org.bytedeco.ffmpeg.global.avcodec.AV_INPUT_BUFFER_PADDING_SIZE;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_INVALIDDATA;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_mallocz;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

/**
 * One libav decoder. Access units go in in file order; pictures come out in presentation order and
 * carry the presentation time of their unit. Frames that nothing refers to are skipped unless they
 * are wanted, which halves the work on streams with B-frames.
 */
final class VideoDecoder implements AutoCloseable {
  /** 8192 x 4352, the largest picture of H.264 and H.265 level 6.2; guards against bombs. */
  static final long MAX_PIXELS = 8192L * 4352;

  /** Takes a decoded picture; it is borrowed until the call returns. */
  interface FrameSink {
    void accept(AVFrame frame) throws LibavException;
  }

  private final AVCodecContext context;
  private final AVFrame frame;
  private final FrameSink sink;

  /**
   * @param codecId Matroska CodecID
   * @param codecPrivate decoder setup, may be empty
   * @param threads frames decoded at once; 1 answers a single frame soonest
   */
  VideoDecoder(String codecId, byte[] codecPrivate, int threads, FrameSink sink)
      throws LibavException {
    this.sink = sink;
    AVCodec codec = avcodec_find_decoder(libavCodec(codecId));
    if (codec == null || codec.isNull()) {
      throw new LibavException("no decoder for " + codecId + " in this libav build");
    }
    context = avcodec_alloc_context3(codec);
    frame = av_frame_alloc();
    try {
      setUp(codec, codecPrivate, threads);
    } catch (LibavException e) {
      close();
      throw e;
    }
  }

  private void setUp(AVCodec codec, byte[] codecPrivate, int threads) throws LibavException {
    if (codecPrivate.length > 0) {
      BytePointer extra =
          new BytePointer(av_mallocz((long) codecPrivate.length + AV_INPUT_BUFFER_PADDING_SIZE));
      extra.put(codecPrivate, 0, codecPrivate.length);
      context.extradata(extra);
      context.extradata_size(codecPrivate.length);
    }
    context.thread_count(threads);
    context.max_pixels(MAX_PIXELS);
    context.pkt_timebase().num(1).den(1_000_000_000);
    LibavException.check(
        avcodec_open2(context, codec, (AVDictionary) null), "decoder setup is not usable");
  }

  private static int libavCodec(String codecId) throws LibavException {
    return switch (codecId) {
      case "V_MPEG4/ISO/AVC" -> AV_CODEC_ID_H264;
      case "V_MPEGH/ISO/HEVC" -> AV_CODEC_ID_HEVC;
      case "V_MJPEG" -> AV_CODEC_ID_MJPEG;
      case "V_VP8" -> AV_CODEC_ID_VP8;
      case "V_VP9" -> AV_CODEC_ID_VP9;
      case "V_AV1" -> AV_CODEC_ID_AV1;
      default -> throw new LibavException("pictures of codec " + codecId + " are not supported");
    };
  }

  /**
   * Decodes one unit and hands over every picture that is ready.
   *
   * @return what the decoder said against the unit, null when nothing
   */
  @Nullable String decode(AVPacket packet, boolean wanted) throws LibavException {
    context.skip_frame(wanted ? AVDISCARD_DEFAULT : AVDISCARD_NONREF);
    return send(packet);
  }

  /** Hands over the pictures still held for reordering. */
  void flush() throws LibavException {
    send(null);
  }

  private @Nullable String send(@Nullable AVPacket packet) throws LibavException {
    int code = avcodec_send_packet(context, packet);
    if (code < 0 && code != AVERROR_EOF) {
      if (code == AVERROR_INVALIDDATA) {
        return LibavException.describe(code);
      }
      throw new LibavException("decoder failed: " + LibavException.describe(code));
    }
    String complaint = null;
    while (true) {
      code = avcodec_receive_frame(context, frame);
      if (code == AVERROR_EAGAIN() || code == AVERROR_EOF) {
        return complaint;
      }
      if (code == AVERROR_INVALIDDATA) {
        complaint = LibavException.describe(code);
        continue;
      }
      LibavException.check(code, "decoder failed");
      try {
        sink.accept(frame);
      } finally {
        av_frame_unref(frame);
      }
    }
  }

  @Override
  public void close() {
    av_frame_free(frame);
    avcodec_free_context(context);
  }
}
