package io.millrace.tests.records;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;

/** Producers and readers of one stream at a Kinesis endpoint, ours or a peer's. */
public final class RecordsLoad {
  private final int port;
  private final WireFormat format;
  private final String stream;

  public RecordsLoad(int port, WireFormat format, String stream) {
    this.port = port;
    this.format = format;
    this.stream = stream;
  }

  /** Makes the stream and waits until it is active. */
  public void create(int shards) throws IOException, InterruptedException {
    try (RecordsConnection connection = new RecordsConnection(port, format)) {
      connection.call(
          "CreateStream",
          body -> {
            body.writeStringField("StreamName", stream);
            body.writeNumberField("ShardCount", shards);
          });
      String status = "";
      while (!status.equals("ACTIVE")) {
        status = format.text(connection.call("DescribeStreamSummary", this::named), "StreamStatus");
        Thread.sleep(50);
      }
    }
  }

  private void named(JsonGenerator body) throws IOException {
    body.writeStringField("StreamName", stream);
  }

  /** A rate with what was counted. */
  public record Rate(long records, double seconds) {
    public double perSecond() {
      return records / seconds;
    }
  }

  /** PutRecords of batches, one after the other on each connection, for some time. */
  public Rate put(int connections, int batch, int recordBytes, int seconds) throws Exception {
    LongAdder records = new LongAdder();
    long deadline = System.nanoTime() + seconds * 1_000_000_000L;
    long began = System.nanoTime();
    parallel(
        connections,
        number -> {
          try (RecordsConnection connection = new RecordsConnection(port, format)) {
            byte[] request =
                connection.request("PutRecords", batch(batch, recordBytes, "c" + number));
            while (System.nanoTime() < deadline) {
              byte[] answer = connection.send(request);
              int taken = format.count(answer, "SequenceNumber");
              if (taken != batch) {
                throw new IOException("only " + taken + " of " + batch + " records were taken");
              }
              records.add(taken);
            }
          }
        });
    return new Rate(records.sum(), (System.nanoTime() - began) / 1e9);
  }

  private byte[] batch(int count, int recordBytes, String key) {
    return format.object(
        body -> {
          named(body);
          body.writeArrayFieldStart("Records");
          for (int i = 0; i < count; i++) {
            byte[] data = new byte[recordBytes];
            new Random(i).nextBytes(data);
            body.writeStartObject();
            body.writeStringField("PartitionKey", key + "-" + i);
            body.writeBinaryField("Data", data);
            body.writeEndObject();
          }
          body.writeEndArray();
        });
  }

  /** GetRecords of every shard from its oldest record to its newest, one reader per shard. */
  public Rate readAll(int shards, int limit) throws Exception {
    LongAdder records = new LongAdder();
    long began = System.nanoTime();
    parallel(shards, number -> records.add(readShard(number, limit)));
    return new Rate(records.sum(), (System.nanoTime() - began) / 1e9);
  }

  private long readShard(int number, int limit) throws IOException {
    long records = 0;
    try (RecordsConnection connection = new RecordsConnection(port, format)) {
      String iterator =
          format.text(
              connection.call(
                  "GetShardIterator",
                  body -> {
                    named(body);
                    body.writeStringField("ShardId", "shardId-%012d".formatted(number));
                    body.writeStringField("ShardIteratorType", "TRIM_HORIZON");
                  }),
              "ShardIterator");
      while (true) {
        String at = iterator;
        byte[] answer =
            connection.call(
                "GetRecords",
                body -> {
                  body.writeStringField("ShardIterator", at);
                  body.writeNumberField("Limit", limit);
                });
        int count = format.count(answer, "SequenceNumber");
        records += count;
        iterator = format.text(answer, "NextShardIterator");
        if (count == 0 || iterator.isEmpty()) {
          return records;
        }
      }
    }
  }

  private interface Work {
    void run(int number) throws Exception;
  }

  private static void parallel(int count, Work work) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        running.add(
            threads.submit(
                () -> {
                  work.run(number);
                  return null;
                }));
      }
      for (Future<?> each : running) {
        try {
          each.get();
        } catch (ExecutionException e) {
          throw e.getCause() instanceof Exception cause ? cause : e;
        }
      }
    }
  }
}
