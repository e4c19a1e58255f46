package io.millrace.tests.trial;

import io.millrace.tests.process.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;

/** AWS's Kinesis Agent tails a log that is rotated again and again; every line must arrive. */
public final class AgentTrial {
  /** Class path of a built agent; docs/manual-checks.md tells how to build one. */
  public static final String CLASS_PATH = "KINESIS_AGENT_CLASSPATH";

  private static final String STREAM = "agent";
  private static final int FILES = 20;
  private static final int LINES = 5000;

  private final KinesisClient client;
  private final Map<String, String> iterators = new HashMap<>();
  private final List<String> seen = new ArrayList<>();

  /**
   * What came out.
   *
   * @param written lines
   * @param arrived lines, each counted once
   * @param repeated lines that arrived again
   * @param measured whether the agent's own metrics arrived too
   */
  public record Report(int written, long arrived, long repeated, boolean measured) {}

  private AgentTrial(ServerProcess server) {
    client =
        KinesisClient.builder()
            .endpointOverride(server.endpoint())
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
            .httpClient(UrlConnectionHttpClient.create())
            .build();
  }

  /** Runs it. */
  public static Report run(Path folder, String classPath) throws IOException {
    try (ServerProcess server =
        ServerProcess.start(
            folder.resolve("data"),
            "--set",
            "data-streams.limits=unlimited",
            "--set",
            "data-streams.initialize=" + STREAM + ":2")) {
      Process agent = start(folder, server, classPath);
      try {
        return new AgentTrial(server).rotate(folder, server);
      } finally {
        agent.destroy();
      }
    }
  }

  private static Process start(Path folder, ServerProcess server, String classPath)
      throws IOException {
    Path configuration = folder.resolve("agent.json");
    Files.writeString(
        configuration,
        """
        {"kinesis.endpoint": "%1$s", "cloudwatch.endpoint": "%1$s", "cloudwatch.emitMetrics": true,
         "awsAccessKeyId": "test", "awsSecretAccessKey": "test",
         "checkpointFile": "%2$s/checkpoints",
         "flows": [{"filePattern": "%2$s/app.log*", "kinesisStream": "%3$s",
                    "initialPosition": "START_OF_FILE", "maxBufferAgeMillis": 1000}]}
        """
            .formatted(server.endpoint(), folder, STREAM));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            classPath,
            "com.amazon.kinesis.streaming.agent.Agent",
            "-c=" + configuration)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("agent.out").toFile())
        .start();
  }

  private Report rotate(Path folder, ServerProcess server) throws IOException {
    Path log = folder.resolve("app.log");
    for (int file = 0; file < FILES; file++) {
      if (file > 0) {
        Files.move(log, folder.resolve("app.log." + file));
      }
      int first = file * LINES;
      Files.writeString(
          log,
          IntStream.range(first, first + LINES)
              .mapToObj(number -> "line " + number + "\n")
              .collect(Collectors.joining()),
          StandardCharsets.UTF_8);
      awaitLines(first + LINES / 2);
    }
    awaitLines(FILES * LINES);
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> isMeasured(server));
    long distinct = seen.stream().distinct().count();
    return new Report(FILES * LINES, distinct, seen.size() - distinct, isMeasured(server));
  }

  private static boolean isMeasured(ServerProcess server) {
    return server.get("/metrics").body().contains("namespace=\"AWSKinesisAgent\"");
  }

  private void awaitLines(int count) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              read();
              return seen.stream().distinct().count() >= count;
            });
  }

  private void read() {
    for (var shard : client.listShards(r -> r.streamName(STREAM)).shards()) {
      String at =
          iterators.computeIfAbsent(
              shard.shardId(),
              id ->
                  client
                      .getShardIterator(
                          r -> r.streamName(STREAM).shardId(id).shardIteratorType("TRIM_HORIZON"))
                      .shardIterator());
      GetRecordsResponse page = client.getRecords(r -> r.shardIterator(at));
      page.records().forEach(record -> seen.add(record.data().asUtf8String()));
      iterators.put(shard.shardId(), page.nextShardIterator());
    }
  }
}
