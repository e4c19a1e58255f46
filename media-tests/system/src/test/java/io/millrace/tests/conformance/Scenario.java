package io.millrace.tests.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.tests.process.ServerProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Runs all lines of the scenario through one client. */
public final class Scenario {
  private static final String RESOURCE = "/conformance/kinesis.jsonl";
  private static final String ACCOUNT = "000000000000";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BLOB_BYTES = 600_000;

  /** Limits low enough to be met, rates that do not hold up a quick client, faults on request. */
  public static final List<String> SERVER_OPTIONS =
      List.of(
          "--set",
          "data-streams.call-rates=false",
          "--set",
          "data-streams.shard-read-calls=100000",
          "--set",
          "data-streams.shard-iterator-calls=100000",
          "--set",
          "data-streams.max-consumers=2",
          "--set",
          "data-streams.reshapes-per-day=2",
          "--set",
          "data-streams.faults=true");

  private final ServerProcess server;
  private final ConformanceClient client;
  private final Map<String, String> names = new TreeMap<>();
  private final List<String> complaints = new ArrayList<>();
  private final TreeSet<String> unknown = new TreeSet<>();
  private final TreeSet<String> served = new TreeSet<>();
  private int calls;

  /**
   * What came out.
   *
   * @param calls made and answered
   * @param served operations called with success at least once
   * @param unknown operations and members this client does not know
   * @param complaints answers that differ from what is expected, with their line
   */
  public record Report(
      int calls, TreeSet<String> served, TreeSet<String> unknown, List<String> complaints) {}

  private Scenario(ServerProcess server, ConformanceClient client, String run) {
    this.server = server;
    this.client = client;
    names.put("run", run);
    names.put("account", ACCOUNT);
    names.put("arn", "arn:aws:kinesis:us-east-1:" + ACCOUNT + ":stream/" + run);
    names.put("blob", Base64.getEncoder().encodeToString(new byte[BLOB_BYTES]));
  }

  /**
   * Runs it.
   *
   * @param run begins the name of every stream, so that runs do not meet
   * @param newest whether the client knows what AWS added in autumn 2026; else it is left out
   */
  public static Report run(
      ServerProcess server, ConformanceClient client, String run, boolean newest) throws Exception {
    Scenario scenario = new Scenario(server, client, run);
    for (Step step : Step.readAll(RESOURCE)) {
      if (newest || !step.newest()) {
        scenario.take(step);
      }
    }
    return new Report(scenario.calls, scenario.served, scenario.unknown, scenario.complaints);
  }

  /** Every operation the scenario calls, with whether it meets an error. */
  static Map<String, Boolean> operations() {
    Map<String, Boolean> operations = new TreeMap<>();
    for (Step step : Step.readAll(RESOURCE)) {
      if (!step.operation().isEmpty()) {
        operations.merge(step.operation(), !step.error().isEmpty(), Boolean::logicalOr);
      }
    }
    return operations;
  }

  private void take(Step step) throws Exception {
    if (!step.admin().isEmpty()) {
      admin(step.admin());
      return;
    }
    Answer answer = client.call(step.operation(), (ObjectNode) filled(step.in()), step.take());
    String at = "line " + step.line() + " " + step.operation();
    switch (answer) {
      case Answer.Unknown it -> unknown.add(it.why());
      case Answer.Refusal it -> {
        calls++;
        checkRefusal(step, it, at);
      }
      case Answer.Success it -> {
        calls++;
        served.add(step.operation());
        checkSuccess(step, it.out(), at);
      }
    }
  }

  private void checkRefusal(Step step, Answer.Refusal refusal, String at) {
    String told = refusal.error() + ": " + refusal.message();
    if (step.error().isEmpty()) {
      complaints.add(at + " failed: " + told);
    } else if (!step.error().equals(refusal.error())) {
      complaints.add(at + " failed with " + told + ", expected " + step.error());
    } else if (!Expectation.matches(text(step.message()), refusal.message())) {
      complaints.add(at + " says '" + told + "', expected '" + text(step.message()) + "'");
    }
  }

  private void checkSuccess(Step step, JsonNode out, String at) throws JsonProcessingException {
    if (!step.error().isEmpty()) {
      complaints.add(at + " succeeded, expected " + step.error());
      return;
    }
    Optional<String> difference = Expectation.difference(filled(step.out()), out, "");
    difference.ifPresent(found -> complaints.add(at + ": " + found));
    step.save().forEach((name, pointer) -> names.put(name, out.at(pointer).asText()));
  }

  /** Replaces names by what was saved under them. */
  private JsonNode filled(JsonNode template) throws JsonProcessingException {
    String json = template.toString();
    for (Map.Entry<String, String> name : names.entrySet()) {
      json = json.replace("${" + name.getKey() + "}", name.getValue());
    }
    if (json.contains("${")) {
      throw new IllegalStateException("nothing was saved for a name in " + json);
    }
    return JSON.readTree(json);
  }

  private String text(String template) {
    String text = template;
    for (Map.Entry<String, String> name : names.entrySet()) {
      text = text.replace("${" + name.getKey() + "}", name.getValue());
    }
    return text;
  }

  private void admin(String methodAndPath) throws IOException, InterruptedException {
    String[] parts = methodAndPath.split(" ", 2);
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(server.endpoint().resolve(parts[1]))
                  .method(parts[0], HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() >= 300) {
        throw new IllegalStateException(methodAndPath + ": " + answer.body());
      }
    }
  }
}
