package io.millrace.tests.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Map;

/** A page of ListFragments. */
final class ListReply {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ListReply() {}

  /** Adds fragment number to producer milliseconds; returns the next token, empty at the end. */
  static String read(String json, Map<String, Long> into) {
    try {
      JsonNode page = JSON.readTree(json);
      for (JsonNode fragment : page.get("Fragments")) {
        into.put(
            fragment.get("FragmentNumber").asText(),
            new BigDecimal(fragment.get("ProducerTimestamp").asText())
                .movePointRight(3)
                .longValueExact());
      }
      JsonNode token = page.get("NextToken");
      return token == null || token.isNull() ? "" : token.asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
