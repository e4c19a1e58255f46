package io.millrace.playback.frame.worker;

import static org.bytedeco.ffmpeg.global.avutil.AV_ERROR_MAX_STRING_SIZE;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import java.nio.charset.StandardCharsets;

/** A job that libav refused, in words for the person who asked for the picture. */
final class LibavException extends Exception {
  private static final long serialVersionUID = 1;

  LibavException(String what) {
    super(what);
  }

  /** Throws when a libav call answered with an error code. */
  static int check(int code, String what) throws LibavException {
    if (code < 0) {
      throw new LibavException(what + ": " + describe(code));
    }
    return code;
  }

  static String describe(int code) {
    byte[] text = new byte[AV_ERROR_MAX_STRING_SIZE];
    av_strerror(code, text, text.length);
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }
}
