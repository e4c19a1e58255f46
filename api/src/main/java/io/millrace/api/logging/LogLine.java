package io.millrace.api.logging;

import org.jspecify.annotations.Nullable;

/**
 * One line of log in the form {@code event key=value key="value with spaces"}. Values come from
 * clients, so control characters and quotes are escaped and long values are cut: a client can
 * neither forge a line nor fill the disk with one.
 */
public final class LogLine {
  /** Longest value written in full, in characters. */
  public static final int MAX_VALUE_LENGTH = 512;

  private final StringBuilder line = new StringBuilder(160);

  private LogLine(String event) {
    line.append(event);
  }

  /** Starts a line; the event is a constant in snake_case. */
  public static LogLine of(String event) {
    return new LogLine(event);
  }

  /** Adds a pair; null values are left out. */
  public LogLine with(String key, @Nullable Object value) {
    if (value == null) {
      return this;
    }
    line.append(' ').append(key).append('=');
    String text = value.toString();
    if (isPlain(text)) {
      line.append(text);
    } else {
      quote(text);
    }
    return this;
  }

  private static boolean isPlain(String text) {
    if (text.isEmpty() || text.length() > MAX_VALUE_LENGTH) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '"' || c == '=' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  private void quote(String text) {
    line.append('"');
    int end = Math.min(text.length(), MAX_VALUE_LENGTH);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        line.append('\\').append(c);
      } else if (c < ' ' || (c >= 0x7f && c < 0xa0) || c == '\u2028' || c == '\u2029') {
        line.append("\\u").append(Character.forDigit(c >> 12, 16));
        line.append(Character.forDigit((c >> 8) & 15, 16));
        line.append(Character.forDigit((c >> 4) & 15, 16));
        line.append(Character.forDigit(c & 15, 16));
      } else {
        line.append(c);
      }
    }
    if (end < text.length()) {
      line.append("…");
    }
    line.append('"');
  }

  @Override
  public String toString() {
    return line.toString();
  }
}
