package io.millrace.tests.bench;

import io.millrace.tests.process.ProcessUsage;
import io.millrace.tests.process.ServerProcess;
import io.millrace.tests.records.EventStreamSocket;
import io.millrace.tests.records.RecordsConnection;
import io.millrace.tests.records.RecordsLoad;
import io.millrace.tests.records.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How soon records are read, what many readers cost, and what idle shards cost. */
final class ConsumersBench implements Bench {
  private static final int RECORDS = Integer.getInteger("bench.records", 2000);
  private static final String SHARD = "shardId-000000000000";
  private static final String LATEST = "{\"Type\":\"LATEST\"}";
  private static final WireFormat JSON = WireFormat.JSON;
  private static final Pattern DATA = Pattern.compile("\"Data\":\"([^\"]+)\"");

  @Override
  public String purpose() {
    return "propagation delay of polling and fan-out, 100 subscriptions on a shard, idle shards";
  }

  @Override
  public void run(Table table) throws Exception {
    Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "bench-consumers");
    try (ServerProcess server =
        ServerProcess.start(folder.resolve("data"), "--set", "data-streams.limits=unlimited")) {
      table.head("delay from put to read", "p50 ms", "p99 ms", "records");
      delays(table, server);
      table.note("");
      table.head("subscriptions", "in MB/s", "out MB/s", "CPU-s per GB out", "MB read from disk");
      manySubscriptions(table, server);
      table.note("");
      table.head("idle", "% of a core", "RSS MB");
      idle(table, server);
    } finally {
      Peer.run(List.of("rm", "-rf", folder.toString()), Map.of());
    }
  }

  private static void put(RecordsConnection connection, String stream, byte[] data)
      throws IOException {
    var unused =
        connection.call(
            "PutRecord",
            body -> {
              body.writeStringField("StreamName", stream);
              body.writeStringField("PartitionKey", "k");
              body.writeBinaryField("Data", data);
            });
  }

  private static byte[] now() {
    return ByteBuffer.allocate(8).putLong(System.nanoTime()).array();
  }

  private static void note(List<Double> delays, byte[] payload) {
    long read = System.nanoTime();
    Matcher data = DATA.matcher(new String(payload, StandardCharsets.UTF_8));
    while (data.find()) {
      long sent = ByteBuffer.wrap(Base64.getDecoder().decode(data.group(1))).getLong();
      delays.add((read - sent) / 1e6);
    }
  }

  private static String consumer(RecordsConnection connection, String stream, String name)
      throws IOException {
    return JSON.text(
        connection.call(
            "RegisterStreamConsumer",
            body -> {
              body.writeStringField(
                  "StreamARN", "arn:aws:kinesis:us-east-1:000000000000:stream/" + stream);
              body.writeStringField("ConsumerName", name);
            }),
        "ConsumerARN");
  }

  private static void delays(Table table, ServerProcess server) throws Exception {
    new RecordsLoad(server.port(), JSON, "delay").create(1);
    List<Double> pushed = Collections.synchronizedList(new ArrayList<>());
    List<Double> polled = Collections.synchronizedList(new ArrayList<>());
    try (RecordsConnection producer = new RecordsConnection(server.port(), JSON);
        EventStreamSocket events =
            new EventStreamSocket(server.port(), consumer(producer, "delay", "c"), SHARD, LATEST)) {
      Thread.ofPlatform().daemon().start(() -> readEvents(events, bytes -> note(pushed, bytes)));
      Thread poller = Thread.ofPlatform().daemon().start(() -> poll(server.port(), polled));
      for (int i = 0; i < RECORDS + RECORDS / 2; i++) {
        put(producer, "delay", now());
        if (i == RECORDS / 2) {
          // What came before was for the compiler.
          pushed.clear();
          polled.clear();
        }
        Thread.sleep(5);
      }
      Thread.sleep(500);
      poller.interrupt();
    }
    delay(table, "SubscribeToShard", pushed);
    delay(table, "GetRecords every 20 ms", polled);
  }

  private static void delay(Table table, String name, List<Double> delays) {
    List<Double> sorted = delays.stream().sorted().toList();
    table.row(name, Table.percentile(sorted, 0.5), Table.percentile(sorted, 0.99), sorted.size());
  }

  private static void readEvents(EventStreamSocket events, Consumer<byte[]> reader) {
    try {
      events.read(reader);
    } catch (IOException e) {
      // The run is over.
      return;
    }
  }

  private static void poll(int port, List<Double> delays) {
    try (RecordsConnection connection = new RecordsConnection(port, JSON)) {
      String iterator =
          JSON.text(
              connection.call(
                  "GetShardIterator",
                  body -> {
                    body.writeStringField("StreamName", "delay");
                    body.writeStringField("ShardId", SHARD);
                    body.writeStringField("ShardIteratorType", "LATEST");
                  }),
              "ShardIterator");
      while (true) {
        String at = iterator;
        byte[] answer =
            connection.call("GetRecords", body -> body.writeStringField("ShardIterator", at));
        note(delays, answer);
        iterator = JSON.text(answer, "NextShardIterator");
        Thread.sleep(20);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void manySubscriptions(Table table, ServerProcess server) throws Exception {
    RecordsLoad load = new RecordsLoad(server.port(), JSON, "many");
    load.create(1);
    for (int count : List.of(1, 10, 100)) {
      List<EventStreamSocket> open = new ArrayList<>();
      LongAdder bytes = new LongAdder();
      try (RecordsConnection connection = new RecordsConnection(server.port(), JSON)) {
        for (int i = 0; i < count; i++) {
          EventStreamSocket events =
              new EventStreamSocket(
                  server.port(),
                  consumer(connection, "many", "c" + count + "-" + i),
                  SHARD,
                  LATEST);
          open.add(events);
          Thread.ofPlatform()
              .daemon()
              .start(() -> readEvents(events, payload -> bytes.add(payload.length)));
        }
        double disk = diskBytes(server);
        double cpu = ProcessUsage.of(server.pid()).cpuSeconds();
        long began = System.nanoTime();
        byte[] data = new byte[10 << 10];
        int sent = 0;
        while (System.nanoTime() - began < 8_000_000_000L) {
          put(connection, "many", data);
          sent++;
          Thread.sleep(20);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        Thread.sleep(1000);
        double out = bytes.sum() / 1e6;
        table.row(
            count,
            sent * data.length / 1e6 / seconds,
            out / seconds,
            (ProcessUsage.of(server.pid()).cpuSeconds() - cpu) / (out / 1000),
            (diskBytes(server) - disk) / 1e6);
      }
      for (EventStreamSocket each : open) {
        each.close();
      }
    }
  }

  private static double diskBytes(ServerProcess server) {
    Matcher line =
        Pattern.compile("(?m)^millrace_store_bytes_read_from_disk_total (\\S+)")
            .matcher(server.get("/metrics").body());
    return line.find() ? Double.parseDouble(line.group(1)) : Double.NaN;
  }

  private static void idle(Table table, ServerProcess server) throws Exception {
    idleRow(table, server, "as before");
    new RecordsLoad(server.port(), JSON, "thousand").create(1000);
    new RecordsLoad(server.port(), JSON, "thousand").put(1, 500, 100, 3);
    idleRow(table, server, "and 1,000 shards");
  }

  private static void idleRow(Table table, ServerProcess server, String name)
      throws InterruptedException {
    Thread.sleep(3000);
    ProcessUsage before = ProcessUsage.of(server.pid());
    Thread.sleep(20_000);
    ProcessUsage after = ProcessUsage.of(server.pid());
    table.row(
        name, (after.cpuSeconds() - before.cpuSeconds()) / 20 * 100, after.residentBytes() >> 20);
  }
}
