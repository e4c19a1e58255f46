package io.millrace.tests.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A client in another language: a script that reads calls as lines of JSON ({@code op}, {@code in},
 * {@code take}) and writes for each a line with {@code out}, with {@code error} and {@code
 * message}, or with {@code unknown}.
 */
final class ScriptClient implements ConformanceClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final BufferedWriter calls;
  private final BufferedReader answers;

  /**
   * Starts it.
   *
   * @param command program and its arguments; the endpoint is added
   * @param folder to run it in
   */
  ScriptClient(List<String> command, Path folder, URI endpoint) throws IOException {
    List<String> all = new ArrayList<>(command);
    all.add(endpoint.toString());
    ProcessBuilder builder =
        new ProcessBuilder(all)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("AWS_ACCESS_KEY_ID", "test");
    builder.environment().put("AWS_SECRET_ACCESS_KEY", "test");
    builder.environment().put("AWS_DEFAULT_REGION", "us-east-1");
    builder.environment().put("AWS_REGION", "us-east-1");
    builder.environment().put("AWS_MAX_ATTEMPTS", "1");
    builder.environment().put("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    builder.environment().put("NODE_NO_WARNINGS", "1");
    process = builder.start();
    calls =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  @Override
  public Answer call(String operation, ObjectNode in, int take) throws IOException {
    ObjectNode call = JSON.createObjectNode().put("op", operation).put("take", take);
    call.set("in", in);
    calls.write(call + "\n");
    calls.flush();
    String line = answers.readLine();
    if (line == null) {
      throw new IllegalStateException("the client ended at " + operation);
    }
    JsonNode answer = JSON.readTree(line);
    if (answer.has("unknown")) {
      return new Answer.Unknown(operation + answer.get("unknown").asText());
    }
    return answer.has("error")
        ? new Answer.Refusal(answer.get("error").asText(), answer.path("message").asText())
        : new Answer.Success(answer.get("out"));
  }

  @Override
  public void close() {
    try {
      calls.close();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
