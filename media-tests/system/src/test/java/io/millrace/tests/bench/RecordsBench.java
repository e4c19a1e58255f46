package io.millrace.tests.bench;

import io.millrace.tests.process.ProcessUsage;
import io.millrace.tests.process.ServerProcess;
import io.millrace.tests.records.RecordsLoad;
import io.millrace.tests.records.WireFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Records in and out, beside the emulators and a Kafka broker that syncs, same client and run. */
final class RecordsBench implements Bench {
  private static final int SECONDS = Integer.getInteger("bench.seconds", 10);
  private static final int WARM_UP = Integer.getInteger("bench.warm-up", 10);
  private static final int SHARDS = 4;

  /**
   * What is sent.
   *
   * @param batch records of one call
   * @param bytes of one record
   */
  private record Shape(int connections, int batch, int bytes) {}

  private static final Shape SMALL = new Shape(8, 500, 1024);
  private static final Shape LARGE = new Shape(4, 50, 100 << 10);

  @Override
  public String purpose() {
    return "PutRecords and GetRecords per second beside kinesalite, kinesis-local and Kafka";
  }

  @Override
  public void run(Table table) throws Exception {
    table.note(
        "%d shards; in: 8 connections, batches of 500; out: a reader per shard.%n"
            .formatted(SHARDS));
    table.head(
        "server",
        "format",
        "bytes",
        "in records/s",
        "CPU-s per million in",
        "out records/s",
        "durable");
    Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "bench-records");
    try (ServerProcess server =
        ServerProcess.start(folder.resolve("data"), "--set", "data-streams.limits=unlimited")) {
      for (WireFormat format : WireFormat.values()) {
        measure(table, "Millrace", server.port(), server.pid(), format, SMALL, "yes");
      }
      measure(table, "Millrace", server.port(), server.pid(), WireFormat.CBOR, LARGE, "yes");
    } finally {
      Peer.run(List.of("rm", "-rf", folder.toString()), Map.of());
    }
    emulators(table);
    for (Shape shape : List.of(SMALL, LARGE)) {
      double rate = new KafkaPeer().produce(shape.bytes(), SECONDS);
      table.row("Kafka, its own client", "–", shape.bytes(), rate, "–", "–", "yes, each batch");
    }
  }

  private static void emulators(Table table) throws Exception {
    Peer.npm("kinesalite", "kinesis-local");
    Path modules = Peer.folder().resolve("node_modules");
    int port = ServerProcess.freePort();
    try (Peer kinesalite =
        Peer.serve(
            port,
            modules.resolve("kinesalite"),
            List.of(
                "node",
                "cli.js",
                "--port",
                String.valueOf(port),
                "--createStreamMs",
                "10",
                "--shardLimit",
                "100"),
            Map.of())) {
      measure(table, "kinesalite", port, kinesalite.pid(), WireFormat.JSON, SMALL, "no");
    }
    int mock = ServerProcess.freePort();
    try (Peer kinesisLocal =
        Peer.serve(
            mock,
            modules.resolve("kinesis-local"),
            List.of("node", "main.js"),
            Map.of(
                "KINESIS_MOCK_PLAIN_PORT",
                String.valueOf(mock),
                "KINESIS_MOCK_TLS_PORT",
                String.valueOf(ServerProcess.freePort()),
                "SHARD_LIMIT",
                "1000",
                "LOG_LEVEL",
                "ERROR"))) {
      for (WireFormat format : WireFormat.values()) {
        measure(table, "kinesis-local", mock, kinesisLocal.pid(), format, SMALL, "no");
      }
    }
  }

  private static void measure(
      Table table, String name, int port, long pid, WireFormat format, Shape shape, String durable)
      throws Exception {
    String stream = "bench-" + format + "-" + shape.bytes();
    RecordsLoad warm = new RecordsLoad(port, format, stream + "-warm");
    RecordsLoad load = new RecordsLoad(port, format, stream);
    try {
      warm.create(SHARDS);
      warm.put(shape.connections(), shape.batch(), shape.bytes(), WARM_UP);
      warm.readAll(SHARDS, 10_000);
      load.create(SHARDS);
      double cpu = ProcessUsage.of(pid).cpuSeconds();
      RecordsLoad.Rate in = load.put(shape.connections(), shape.batch(), shape.bytes(), SECONDS);
      double used = ProcessUsage.of(pid).cpuSeconds() - cpu;
      RecordsLoad.Rate out = load.readAll(SHARDS, 10_000);
      if (out.records() != in.records()) {
        table.note(name + " gave " + out.records() + " of " + in.records() + " records");
      }
      table.row(
          name,
          format,
          shape.bytes(),
          in.perSecond(),
          used / in.records() * 1e6,
          out.perSecond(),
          durable);
    } catch (IOException e) {
      table.row(name, format, shape.bytes(), "failed: " + e.getMessage(), "–", "–", durable);
    }
  }
}
