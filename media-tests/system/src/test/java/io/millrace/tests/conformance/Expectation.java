package io.millrace.tests.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Compares an answer with what it must hold at least. */
final class Expectation {
  private Expectation() {}

  /** The first difference, with its place; empty if there is none. */
  static Optional<String> difference(JsonNode expected, JsonNode actual, String at) {
    if (expected.isNull()) {
      return actual.isMissingNode() || actual.isNull()
          ? Optional.empty()
          : Optional.of(at + " is there: " + actual);
    }
    if (actual.isMissingNode() || actual.isNull()) {
      return Optional.of(at + " is missing, expected " + expected);
    }
    if (expected.isObject()) {
      for (Map.Entry<String, JsonNode> member : expected.properties()) {
        Optional<String> found =
            difference(member.getValue(), actual.path(member.getKey()), at + "/" + member.getKey());
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    }
    if (expected.isArray()) {
      if (expected.size() != actual.size()) {
        return Optional.of(at + " has " + actual.size() + " entries: " + actual);
      }
      for (int i = 0; i < expected.size(); i++) {
        Optional<String> found = difference(expected.get(i), actual.get(i), at + "/" + i);
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    }
    return matches(expected.asText(), actual.asText())
        ? Optional.empty()
        : Optional.of(at + " is " + actual + ", expected " + expected);
  }

  /** Whether a text is the expected one, or fits the pattern after {@code ~}. */
  static boolean matches(String expected, String actual) {
    if (expected.equals("*")) {
      return true;
    }
    return expected.startsWith("~")
        ? Pattern.compile(expected.substring(1), Pattern.DOTALL).matcher(actual).matches()
        : expected.equals(actual);
  }
}
