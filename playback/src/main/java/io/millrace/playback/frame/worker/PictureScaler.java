package io.millrace.playback.frame.worker;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_RGB;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ444P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU601;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU709;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;
import org.jspecify.annotations.Nullable;

/**
 * Brings decoded pictures to the size and pixel format an encoder takes, with the right range and,
 * towards RGB, the right matrix. JPEG keeps the matrix of the video, as every video tool does.
 */
final class PictureScaler implements AutoCloseable {
  private static final int UNITY = 1 << 16;

  /** What a conversion context was made for. */
  private record Source(int width, int height, int format, boolean fullRange, int matrix) {}

  private final int width;
  private final int height;
  private final int format;
  private final AVFrame target = av_frame_alloc();
  private @Nullable SwsContext context;
  private @Nullable Source made;

  PictureScaler(int width, int height, int format) {
    this.width = width;
    this.height = height;
    this.format = format;
  }

  /** A frame that is ours, or the source itself when it fits; valid until the next call. */
  AVFrame scale(AVFrame source) throws LibavException {
    Source shape = shapeOf(source);
    if (shape.width == width && shape.height == height && fits(shape)) {
      return source;
    }
    if (context == null || !shape.equals(made)) {
      freeContext();
      context = open(shape);
      made = shape;
    }
    if (target.width() == 0) {
      target.width(width);
      target.height(height);
      target.format(format);
      target.color_range(AVCOL_RANGE_JPEG);
      LibavException.check(av_frame_get_buffer(target, 0), "no memory for the picture");
    }
    LibavException.check(sws_scale_frame(context, target, source), "cannot scale the picture");
    return target;
  }

  private boolean fits(Source shape) {
    return format == AV_PIX_FMT_YUVJ420P
        && (shape.format == AV_PIX_FMT_YUVJ420P
            || (shape.format == AV_PIX_FMT_YUV420P && shape.fullRange));
  }

  private static Source shapeOf(AVFrame frame) {
    boolean fullRange =
        frame.color_range() == AVCOL_RANGE_JPEG
            || frame.format() == AV_PIX_FMT_YUVJ420P
            || frame.format() == AV_PIX_FMT_YUVJ422P
            || frame.format() == AV_PIX_FMT_YUVJ444P;
    boolean unspecified = frame.colorspace() == AVCOL_SPC_UNSPECIFIED;
    boolean hd = unspecified ? frame.height() > 576 : frame.colorspace() == AVCOL_SPC_BT709;
    int matrix = hd ? SWS_CS_ITU709 : SWS_CS_ITU601;
    boolean rgb = frame.colorspace() == AVCOL_SPC_RGB;
    return new Source(frame.width(), frame.height(), frame.format(), fullRange || rgb, matrix);
  }

  private SwsContext open(Source shape) throws LibavException {
    SwsContext made =
        sws_getContext(
            shape.width,
            shape.height,
            shape.format,
            width,
            height,
            format,
            SWS_BICUBIC,
            null,
            null,
            (DoublePointer) null);
    if (made == null || made.isNull()) {
      throw new LibavException("cannot convert this pixel format");
    }
    int targetMatrix = format == AV_PIX_FMT_RGB24 ? SWS_CS_ITU601 : shape.matrix;
    sws_setColorspaceDetails(
        made,
        sws_getCoefficients(shape.matrix),
        shape.fullRange ? 1 : 0,
        sws_getCoefficients(targetMatrix),
        1,
        0,
        UNITY,
        UNITY);
    return made;
  }

  private void freeContext() {
    if (context != null) {
      sws_freeContext(context);
      context = null;
    }
  }

  @Override
  public void close() {
    freeContext();
    av_frame_free(target);
  }
}
