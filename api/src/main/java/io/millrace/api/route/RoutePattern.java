package io.millrace.api.route;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A path pattern: literal segments, {@code {name}} for exactly one non-empty segment, and a final
 * {@code /*} for whatever follows.
 */
public record RoutePattern(String text, List<String> segments, boolean prefix) {
  /** Name of the parameter that holds what a prefix pattern left over. */
  public static final String REST = "*";

  public RoutePattern {
    segments = List.copyOf(segments);
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException if it does not start with a slash
   */
  public static RoutePattern parse(String text) {
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException("a route starts with /: " + text);
    }
    boolean prefix = text.endsWith("/*");
    String fixed = prefix ? text.substring(0, text.length() - 2) : text;
    return new RoutePattern(text, List.of(fixed.split("/", -1)), prefix);
  }

  /** Whether the pattern is one exact path. */
  boolean isLiteral() {
    return !prefix && text.indexOf('{') < 0;
  }

  /**
   * Decoded parameters, or null if the path is another one.
   *
   * @throws IllegalArgumentException if a parameter is not valid percent-encoding or would climb
   *     out of a prefix
   */
  @Nullable Map<String, String> match(String path) {
    String[] given = path.split("/", -1);
    if (prefix ? given.length <= segments.size() : given.length != segments.size()) {
      return null;
    }
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < segments.size(); i++) {
      String segment = segments.get(i);
      if (segment.startsWith("{")) {
        if (given[i].isEmpty()) {
          return null;
        }
        parameters.put(segment.substring(1, segment.length() - 1), decode(given[i]));
      } else if (!segment.equals(given[i])) {
        return null;
      }
    }
    if (prefix) {
      parameters.put(REST, rest(given));
    }
    return parameters;
  }

  private String rest(String[] given) {
    StringBuilder rest = new StringBuilder();
    for (int i = segments.size(); i < given.length; i++) {
      String segment = decode(given[i]);
      if (segment.equals("..") || segment.equals(".") || segment.contains("/")) {
        throw new IllegalArgumentException("path segment '" + segment + "' is not allowed");
      }
      rest.append(i == segments.size() ? "" : "/").append(segment);
    }
    return rest.toString();
  }

  private static String decode(String segment) {
    // A plus is a plus in a path; only queries use it for a space.
    return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
