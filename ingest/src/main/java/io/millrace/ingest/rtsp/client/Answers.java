package io.millrace.ingest.rtsp.client;

import io.millrace.ingest.rtsp.message.RtspResponse;
import io.millrace.ingest.source.SourceUnusable;
import io.vertx.core.Future;

/** What answers of a camera mean. */
final class Answers {
  private static final long DEFAULT_TIMEOUT_SECONDS = 60;

  private Answers() {}

  /** The failure that a refusal is, in words. */
  static <T> Future<T> refused(String method, RtspResponse answer) {
    String hint = answer.status() == 401 ? ": wrong or missing user name or password" : "";
    return Future.failedFuture(
        new SourceUnusable(
            "the camera answered %d %s to %s%s"
                .formatted(answer.status(), answer.reason(), method, hint)));
  }

  /** After how long a session ends without a sign of life, by its header. */
  static long timeoutSeconds(String session) {
    for (String part : session.split(";")) {
      String text = part.strip();
      if (text.matches("timeout=[0-9]{1,6}")) {
        return Math.max(2, Long.parseLong(text.substring(8)));
      }
    }
    return DEFAULT_TIMEOUT_SECONDS;
  }

  /** Address of a track (RFC 2326 appendix C.1.1). */
  static String controlUrl(String baseUrl, String control) {
    if (control.isEmpty() || control.equals("*")) {
      return baseUrl;
    }
    if (control.regionMatches(true, 0, "rtsp", 0, 4) && control.contains("://")) {
      return control;
    }
    return baseUrl.endsWith("/") ? baseUrl + control : baseUrl + "/" + control;
  }
}
