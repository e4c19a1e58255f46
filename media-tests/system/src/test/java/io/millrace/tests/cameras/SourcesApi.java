package io.millrace.tests.cameras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.tests.process.Programs;
import io.millrace.tests.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** {@code /v1/sources} and the timeline of streams, as an operator asks for them. */
final class SourcesApi {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** After so long without a byte everything has been given. */
  private static final String QUIET_SECONDS = "2";

  /** What is still being sent goes on and on. */
  private static final String MOST_SECONDS = "30";

  private final ServerProcess server;

  SourcesApi(ServerProcess server) {
    this.server = server;
  }

  /** Adds or changes a source. */
  JsonNode put(String name, Map<String, Object> source) {
    return send("PUT", "/v1/sources/" + name, source);
  }

  /** Removes a source; its connection is gone when this returns. */
  void delete(String name) {
    send("DELETE", "/v1/sources/" + name, Map.of());
  }

  /** All sources there are. */
  List<String> names() {
    return send("GET", "/v1/sources", Map.of()).path("sources").findValuesAsText("name");
  }

  /** How a source is doing. */
  JsonNode get(String name) {
    return send("GET", "/v1/sources/" + name, Map.of());
  }

  /** What a camera sends. */
  JsonNode probe(Map<String, Object> source) {
    return send("POST", "/v1/sources/probe", source);
  }

  /** What a stream stores and lacks, and why. */
  JsonNode timeline(String stream) {
    return send("GET", "/v1/streams/" + stream + "/timeline", Map.of());
  }

  /** Fragments of a stream that are stored; 0 while there is no such stream. */
  int fragments(String stream) {
    HttpResponse<String> response = server.get("/v1/streams/" + stream + "/timeline");
    return response.statusCode() == 200
        ? read(response.body()).path("ranges").findValues("fragments").stream()
            .mapToInt(JsonNode::asInt)
            .sum()
        : 0;
  }

  /** Holes of the timeline in so many seconds from the first picture on. */
  int holes(String stream, int seconds) {
    Instant first = Instant.parse(timeline(stream).path("oldest").asText());
    return send(
            "GET",
            "/v1/streams/%s/timeline?start=%s&end=%s"
                .formatted(stream, first, first.plusSeconds(seconds)),
            Map.of())
        .path("gaps")
        .size();
  }

  /** Everything that is stored, as GetMedia gives it until nothing more comes. */
  Path media(String stream, Path file) {
    Programs.Result got =
        Programs.run(
            "curl",
            "-sS",
            "--speed-limit",
            "1",
            "--speed-time",
            QUIET_SECONDS,
            "--max-time",
            MOST_SECONDS,
            "-o",
            file.toString(),
            "-H",
            "Content-Type: application/json",
            "-d",
            "{\"StreamName\":\"%s\",\"StartSelector\":{\"StartSelectorType\":\"EARLIEST\"}}"
                .formatted(stream),
            server.endpoint() + "/getMedia");
    // 28: it was quiet for so long; live media never end by themselves.
    if (got.status() != 28) {
      got.orThrow();
    }
    return file;
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode send(String method, String path, Map<String, Object> body) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(server.endpoint().resolve(path))
                  .header("Content-Type", "application/json")
                  .method(
                      method,
                      body.isEmpty()
                          ? HttpRequest.BodyPublishers.noBody()
                          : HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw new IllegalStateException(path + ": " + response.statusCode() + response.body());
      }
      return read(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
