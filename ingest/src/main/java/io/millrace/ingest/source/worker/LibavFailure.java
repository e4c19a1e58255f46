package io.millrace.ingest.source.worker;

import static org.bytedeco.ffmpeg.global.avutil.AV_ERROR_MAX_STRING_SIZE;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import java.nio.charset.StandardCharsets;

/** A source that libav cannot read; the message says why, without its URL. */
final class LibavFailure extends Exception {
  private static final long serialVersionUID = 1;

  LibavFailure(String reason) {
    super(reason, null, false, false);
  }

  /** Throws when a libav call answered with an error code. */
  static void check(int code, String what) throws LibavFailure {
    if (code < 0) {
      throw new LibavFailure(what + ": " + describe(code));
    }
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
