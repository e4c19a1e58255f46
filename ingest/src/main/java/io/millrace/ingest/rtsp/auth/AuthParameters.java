package io.millrace.ingest.rtsp.auth;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a header of authentication says: a scheme, and names with values.
 *
 * @param scheme in lower case
 * @param token what stands after the scheme where that is no list of parameters, as with Basic
 * @param values by name in lower case, quotes taken off
 */
record AuthParameters(String scheme, String token, Map<String, String> values) {
  private static final int MAX_CHARS = 8192;

  static AuthParameters parse(String header) {
    String text = header.strip();
    if (text.length() > MAX_CHARS) {
      return new AuthParameters("", "", Map.of());
    }
    int space = text.indexOf(' ');
    String scheme = (space < 0 ? text : text.substring(0, space)).toLowerCase(Locale.ROOT);
    String rest = space < 0 ? "" : text.substring(space + 1).strip();
    Map<String, String> values = new HashMap<>();
    int at = 0;
    while (at < rest.length()) {
      int equals = rest.indexOf('=', at);
      if (equals < 0) {
        break;
      }
      String name = rest.substring(at, equals).replace(',', ' ').strip().toLowerCase(Locale.ROOT);
      StringBuilder value = new StringBuilder();
      at = value(rest, equals + 1, value);
      values.putIfAbsent(name, value.toString());
    }
    return new AuthParameters(scheme, rest, values);
  }

  /** Reads a value, quoted or not; returns where the next parameter begins. */
  private static int value(String text, int from, StringBuilder into) {
    int at = from;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    boolean quoted = at < text.length() && text.charAt(at) == '"';
    if (quoted) {
      at++;
    }
    while (at < text.length() && text.charAt(at) != (quoted ? '"' : ',')) {
      if (quoted && text.charAt(at) == '\\' && at + 1 < text.length()) {
        at++;
      }
      into.append(text.charAt(at++));
    }
    if (!quoted) {
      into.setLength(into.toString().stripTrailing().length());
      return at + 1;
    }
    int comma = text.indexOf(',', at);
    return comma < 0 ? text.length() : comma + 1;
  }

  String get(String name) {
    return values.getOrDefault(name, "");
  }

  static String quoted(String text) {
    return "\""
        + text.chars()
            .filter(each -> each >= ' ')
            .mapToObj(each -> (each == '"' || each == '\\' ? "\\" : "") + (char) each)
            .collect(Collectors.joining())
        + "\"";
  }
}
