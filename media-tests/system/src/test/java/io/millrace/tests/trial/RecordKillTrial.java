package io.millrace.tests.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.tests.process.ServerProcess;
import io.millrace.tests.records.RecordsConnection;
import io.millrace.tests.records.WireFormat;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Kills the server with SIGKILL again and again under producers of data records while shards are
 * split and merged. Afterwards every acknowledged record must be there under its sequence number,
 * records of a key must be in the order they were sent, and no number may stand for two records.
 */
public final class RecordKillTrial {
  private static final String STREAM = "kill";
  private static final int BATCH = 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What came out.
   *
   * @param acknowledged records that were acknowledged, all found again
   * @param stored records stored in all
   * @param shards shards there were in the end, closed ones included
   * @param slowestRestart longest time from process start to ready
   */
  public record Report(int acknowledged, int stored, int shards, Duration slowestRestart) {}

  private record Ack(String shard, String number, String text) {}

  private final Path data;
  private final int port = ServerProcess.freePort();
  private final Random random;
  private final AtomicBoolean stop = new AtomicBoolean();
  private final Queue<Ack> acknowledged = new ConcurrentLinkedQueue<>();

  private RecordKillTrial(Path data, long seed) {
    this.data = data;
    this.random = new Random(seed);
  }

  /**
   * Runs the trial.
   *
   * @throws AssertionError naming the first record that is missing, different or out of order
   */
  public static Report run(Path data, int kills, int producers, long seed)
      throws InterruptedException, IOException {
    return new RecordKillTrial(data, seed).run(kills, producers);
  }

  private Report run(int kills, int producers) throws InterruptedException, IOException {
    Duration slowest = Duration.ZERO;
    ServerProcess server = start();
    try (RecordsConnection connection = connect()) {
      call(connection, "CreateStream", Map.of("StreamName", STREAM, "ShardCount", 3));
    }
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < producers; i++) {
      String key = "key-" + i;
      threads.add(Thread.ofVirtual().name(key).start(() -> produce(key)));
    }
    Random reshapes = new Random(random.nextLong());
    threads.add(Thread.ofVirtual().name("reshaper").start(() -> reshape(reshapes)));
    for (int i = 0; i < kills; i++) {
      Thread.sleep(300 + random.nextInt(1200));
      server.kill();
      server = start();
      slowest = slowest.compareTo(server.timeToReady()) < 0 ? server.timeToReady() : slowest;
    }
    Thread.sleep(500);
    stop.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    // A last kill, so that nothing of a clean stop helps.
    server.kill();
    try (ServerProcess last = start()) {
      return verify(slowest);
    }
  }

  private ServerProcess start() {
    return ServerProcess.start(
        data, List.of("-Xmx512m"), port, "--set", "data-streams.limits=unlimited");
  }

  private RecordsConnection connect() throws IOException {
    return new RecordsConnection(port, WireFormat.JSON);
  }

  private static JsonNode call(RecordsConnection connection, String operation, Object body)
      throws IOException {
    byte[] request = connection.request(operation, JSON.writeValueAsBytes(body));
    return JSON.readTree(connection.send(request));
  }

  private void produce(String key) {
    long next = 0;
    while (!stop.get()) {
      try (RecordsConnection connection = connect()) {
        while (!stop.get()) {
          List<String> texts = new ArrayList<>();
          List<Map<String, Object>> records = new ArrayList<>();
          for (int i = 0; i < BATCH; i++) {
            String text = key + ":" + next++;
            texts.add(text);
            records.add(Map.of("PartitionKey", key, "Data", text.getBytes(StandardCharsets.UTF_8)));
          }
          JsonNode answer =
              call(connection, "PutRecords", Map.of("StreamName", STREAM, "Records", records));
          note(texts, answer.get("Records"));
        }
      } catch (IOException e) {
        // The server was killed; what was on its way may be there or not.
        Thread.onSpinWait();
      }
    }
  }

  private void note(List<String> texts, JsonNode results) {
    for (int i = 0; i < texts.size(); i++) {
      JsonNode result = results.get(i);
      if (result.has("SequenceNumber")) {
        acknowledged.add(
            new Ack(
                result.get("ShardId").asText(),
                result.get("SequenceNumber").asText(),
                texts.get(i)));
      }
    }
  }

  private void reshape(Random choices) {
    while (!stop.get()) {
      try (RecordsConnection connection = connect()) {
        while (!stop.get()) {
          int open =
              call(connection, "DescribeStreamSummary", Map.of("StreamName", STREAM))
                  .get("StreamDescriptionSummary")
                  .get("OpenShardCount")
                  .asInt();
          int target = Math.max((open + 1) / 2, 1 + choices.nextInt(Math.min(2 * open, 8)));
          call(
              connection,
              "UpdateShardCount",
              Map.of(
                  "StreamName", STREAM,
                  "TargetShardCount", target,
                  "ScalingType", "UNIFORM_SCALING"));
          Thread.sleep(100);
        }
      } catch (IOException e) {
        Thread.onSpinWait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private Report verify(Duration slowest) throws IOException {
    Map<String, String> textByNumber = new HashMap<>();
    Map<String, Long> lastByKey = new HashMap<>();
    Set<String> seenTexts = new HashSet<>();
    List<String> shards = new ArrayList<>();
    try (RecordsConnection connection = connect()) {
      for (JsonNode shard :
          call(connection, "ListShards", Map.of("StreamName", STREAM)).get("Shards")) {
        shards.add(shard.get("ShardId").asText());
      }
      // Children have larger numbers than their parents, so this is the order of a consumer.
      for (String shard : shards) {
        BigInteger before = BigInteger.ZERO;
        for (JsonNode record : read(connection, shard)) {
          String number = record.get("SequenceNumber").asText();
          String text =
              new String(
                  Base64.getDecoder().decode(record.get("Data").asText()), StandardCharsets.UTF_8);
          check(
              new BigInteger(number).compareTo(before) > 0,
              shard + ": " + number + " after " + before);
          before = new BigInteger(number);
          check(textByNumber.put(number, text) == null, number + " stands for two records");
          check(seenTexts.add(text), text + " is stored twice");
          inOrder(lastByKey, text);
        }
      }
    }
    for (Ack ack : acknowledged) {
      check(
          ack.text().equals(textByNumber.get(ack.number())),
          "acknowledged " + ack + " but stored " + textByNumber.get(ack.number()));
    }
    return new Report(acknowledged.size(), textByNumber.size(), shards.size(), slowest);
  }

  private static void inOrder(Map<String, Long> lastByKey, String text) {
    String key = text.substring(0, text.indexOf(':'));
    long count = Long.parseLong(text.substring(text.indexOf(':') + 1));
    Long before = lastByKey.put(key, count);
    check(before == null || count > before, text + " comes after " + key + ":" + before);
  }

  private static List<JsonNode> read(RecordsConnection connection, String shard)
      throws IOException {
    List<JsonNode> records = new ArrayList<>();
    String iterator =
        call(
                connection,
                "GetShardIterator",
                Map.of("StreamName", STREAM, "ShardId", shard, "ShardIteratorType", "TRIM_HORIZON"))
            .get("ShardIterator")
            .asText();
    while (true) {
      JsonNode page = call(connection, "GetRecords", Map.of("ShardIterator", iterator));
      page.get("Records").forEach(records::add);
      JsonNode next = page.get("NextShardIterator");
      if (next == null
          || (page.get("Records").isEmpty() && page.get("MillisBehindLatest").asLong() == 0)) {
        return records;
      }
      iterator = next.asText();
    }
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
