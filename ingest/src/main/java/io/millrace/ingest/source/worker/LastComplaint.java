package io.millrace.ingest.source.worker;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_ERROR;

import java.util.regex.Pattern;
import org.bytedeco.ffmpeg.avutil.LogCallback;
import org.bytedeco.javacpp.BytePointer;

/**
 * What libav complained of last. Its error codes say nothing of why a handshake failed; its log
 * does. Addresses are taken out, since they have credentials. Thread-safe.
 */
final class LastComplaint extends LogCallback {
  private static final int MAX_LENGTH = 200;
  private static final Pattern ADDRESS = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://\\S*");
  private static final Pattern SPEAKER = Pattern.compile("\\[([^@\\]]*?) *@ [^\\]]*\\]");

  private volatile String words = "";

  @Override
  public void call(int level, BytePointer message) {
    if (level <= AV_LOG_ERROR) {
      String cleaned = clean(message.getString());
      words = cleaned.isEmpty() ? words : cleaned;
    }
  }

  /** As a part of a sentence, or empty. */
  String words() {
    return words;
  }

  static String clean(String message) {
    String text = ADDRESS.matcher(message).replaceAll("the address");
    text = SPEAKER.matcher(text).replaceAll("$1:").strip();
    return text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text;
  }
}
