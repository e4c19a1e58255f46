package io.millrace.tests.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One line of the scenario; its format is told at the head of the file.
 *
 * @param line of the file, from 1
 * @param admin method and path of a request to the server's own API; empty for a call
 * @param error empty if the call must succeed
 */
record Step(
    int line,
    String admin,
    String operation,
    ObjectNode in,
    JsonNode out,
    String error,
    String message,
    Map<String, String> save,
    int take,
    boolean newest) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static List<Step> readAll(String resource) {
    try (InputStream in = Step.class.getResourceAsStream(resource)) {
      List<Step> steps = new ArrayList<>();
      int number = 0;
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        number++;
        if (!line.isBlank() && !line.startsWith("#")) {
          steps.add(parse(number, JSON.readTree(line)));
        }
      }
      return steps;
    } catch (IOException e) {
      throw new IllegalStateException(resource, e);
    }
  }

  private static Step parse(int line, JsonNode step) {
    Map<String, String> save = new TreeMap<>();
    step.path("save").properties().forEach(e -> save.put(e.getKey(), e.getValue().asText()));
    return new Step(
        line,
        step.path("admin").asText(""),
        step.path("op").asText(""),
        step.has("in") ? (ObjectNode) step.get("in") : JSON.createObjectNode(),
        step.has("out") ? step.get("out") : JSON.createObjectNode(),
        step.path("error").asText(""),
        step.path("message").asText(""),
        save,
        step.path("take").asInt(0),
        step.path("newest").asBoolean(false));
  }
}
