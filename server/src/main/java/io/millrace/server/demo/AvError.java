package io.millrace.server.demo;

import static org.bytedeco.ffmpeg.global.avutil.AV_ERROR_MAX_STRING_SIZE;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

/** A failed libav call, told in words. */
final class AvError {
  private AvError() {}

  static int check(int result, String doing) {
    if (result < 0) {
      byte[] text = new byte[AV_ERROR_MAX_STRING_SIZE];
      av_strerror(result, text, text.length);
      throw new IllegalStateException(
          doing + ": " + new String(text, java.nio.charset.StandardCharsets.UTF_8).trim());
    }
    return result;
  }
}
