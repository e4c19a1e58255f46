package io.millrace.datastreams.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Answers to a list of requests, beside those of DynamoDB Local 2.6.1. In {@code
 * dynamodb-local.txt} a line {@code >} is a request, {@code <} what DynamoDB Local answered, and
 * {@code =} our answer where it differs on purpose: mostly because the service itself answers
 * otherwise than DynamoDB Local.
 *
 * <p>{@code -Ddynamodb.local=URL} records the answers of a DynamoDB Local anew; {@code
 * -Dgolden.rewrite=true} takes over the answers of ours, to be read before they are committed.
 */
class WireScriptTest {
  private static final Path FILE =
      Path.of("src/test/resources/io/millrace/datastreams/lease/dynamodb-local.txt");

  /** One line of the file and what was answered. */
  private record Exchange(String line, String answer) {}

  @Test
  void answersAsDynamoDbLocalDoes() throws Exception {
    String local = System.getProperty("dynamodb.local");
    if (local != null) {
      record(URI.create(local));
    }
    List<String> lines = lines();
    try (TestLeases server = new TestLeases()) {
      List<Exchange> answers = replay(server.endpoint(), lines);
      assertThat(answers).hasSizeGreaterThan(200);
      if (Boolean.getBoolean("golden.rewrite")) {
        rewrite(lines, answers);
      } else {
        assertThat(differences(lines, answers)).isEmpty();
      }
    }
  }

  private static List<String> lines() throws IOException {
    return Files.readAllLines(FILE);
  }

  private static List<Exchange> replay(URI endpoint, List<String> lines) throws Exception {
    List<Exchange> answers = new ArrayList<>();
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      for (String line : lines) {
        if (line.startsWith("> ")) {
          answers.add(new Exchange(line, answer(http, endpoint, line.substring(2))));
        }
      }
    }
    return answers;
  }

  private static String answer(HttpClient http, URI endpoint, String request) throws Exception {
    String[] parts = request.split(" ", 2);
    HttpRequest sent =
        HttpRequest.newBuilder(endpoint)
            .header("X-Amz-Target", "DynamoDB_20120810." + parts[0])
            .header("Content-Type", "application/x-amz-json-1.0")
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request,"
                    + " SignedHeaders=host, Signature=abc")
            .POST(HttpRequest.BodyPublishers.ofString(parts[1]))
            .build();
    HttpResponse<String> answer = http.send(sent, HttpResponse.BodyHandlers.ofString());
    JsonObject body = answer.body().isEmpty() ? new JsonObject() : new JsonObject(answer.body());
    String shown = "";
    if (answer.statusCode() != 200) {
      String type = String.valueOf(body.remove("__type"));
      Object message = body.remove("message");
      shown =
          "%s: %s "
              .formatted(
                  type.substring(type.indexOf('#') + 1),
                  body.containsKey("Message") ? body.remove("Message") : message);
    }
    return "%d %s%s".formatted(answer.statusCode(), shown, normal("", body));
  }

  /** The same with members in order, and without what differs by nature. */
  private static Object normal(String name, Object value) {
    return switch (value) {
      case JsonObject object when name.equals("TableDescription") || name.equals("Table") ->
          object.getString("TableName");
      case JsonObject object -> {
        Map<String, Object> members = new TreeMap<>();
        object.forEach(member -> members.put(member.getKey(), member.getValue()));
        members.remove("ItemCollectionMetrics");
        JsonObject sorted = new JsonObject();
        members.forEach((key, member) -> sorted.put(key, normal(key, member)));
        yield sorted;
      }
      case JsonArray array when name.equals("SS") || name.equals("NS") ->
          new JsonArray(array.stream().sorted(Comparator.comparing(Object::toString)).toList());
      case JsonArray array ->
          new JsonArray(array.stream().map(member -> normal("", member)).toList());
      case String code when name.equals("Code") -> code;
      default -> value;
    };
  }

  private static List<String> differences(List<String> lines, List<Exchange> answers) {
    List<String> differences = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).startsWith("> ")) {
        continue;
      }
      boolean hasOwn = i + 2 < lines.size() && lines.get(i + 2).startsWith("= ");
      String expected = lines.get(hasOwn ? i + 2 : i + 1).substring(2);
      String answer = answers.get(next++).answer();
      if (!answer.equals(expected)) {
        differences.add("\n%s\n< %s\n= %s".formatted(lines.get(i), expected, answer));
      }
    }
    return differences;
  }

  private static void record(URI local) throws Exception {
    List<Exchange> answers = replay(local, lines());
    List<String> file = new ArrayList<>();
    int next = 0;
    for (String line : lines()) {
      if (line.startsWith("< ")) {
        continue;
      }
      file.add(line);
      if (line.startsWith("> ")) {
        file.add("< " + answers.get(next++).answer());
      }
    }
    Files.write(FILE, file);
  }

  private static void rewrite(List<String> lines, List<Exchange> answers) throws IOException {
    List<String> file = new ArrayList<>();
    int next = 0;
    for (String line : lines) {
      if (line.startsWith("= ")) {
        continue;
      }
      file.add(line);
      if (line.startsWith("< ")) {
        String own = answers.get(next++).answer();
        if (!own.equals(line.substring(2))) {
          file.add("= " + own);
        }
      }
    }
    Files.write(FILE, file);
  }
}
