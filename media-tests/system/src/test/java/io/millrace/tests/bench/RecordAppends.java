package io.millrace.tests.bench;

import com.sun.management.OperatingSystemMXBean;
import io.millrace.store.Stages;
import io.millrace.store.StoreException;
import io.millrace.store.local.Store;
import io.millrace.store.shard.Appended;
import io.millrace.store.shard.Entry;
import io.millrace.store.shard.LogId;
import io.millrace.store.shard.LogWriter;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Records of 1 KB from many producers into the four shards of one stream; each waits for its
 * receipts before it goes on, as producers of a data stream do.
 */
final class RecordAppends {
  private static final int SHARDS = 4;
  private static final int RECORD_BYTES = 1024;
  private static final long WARM_UP_NANOS = 3_000_000_000L;
  private static final long NANOS = 6_000_000_000L;

  /** CPU-s per million records of a bare loop: one thread writes what such producers hand it. */
  private static final double BARE_CPU = 1.4;

  private final Store store;
  private final List<byte[]> payloads = new ArrayList<>();

  RecordAppends(Store store) {
    this.store = store;
    Random random = new Random(3);
    for (int i = 0; i < 1000; i++) {
      byte[] bytes = new byte[RECORD_BYTES];
      random.nextBytes(bytes);
      payloads.add(bytes);
    }
  }

  void run(Table table) throws Exception {
    table.head(
        "1 KB records",
        "producers",
        "records/s",
        "p50 ms",
        "p99 ms",
        "records per commit",
        "CPU-s per million",
        "bare loop");
    measure(table, "500 a call over 4 shards", 4, 125, SHARDS);
    measure(table, "500 a call over 4 shards", 16, 125, SHARDS);
    measure(table, "1 a call", 64, 1, 1);
    measure(table, "1 a call", 256, 1, 1);
  }

  /** One row: a call is so many appends of so many records each. */
  private void measure(Table table, String name, int producers, int records, int appends)
      throws Exception {
    LogId[] ids = new LogId[SHARDS];
    LogWriter[] writers = new LogWriter[SHARDS];
    for (int i = 0; i < SHARDS; i++) {
      ids[i] = new LogId("records-" + producers + "-" + records, 1, i);
      writers[i] = store.logs().claim(ids[i]).toCompletableFuture().join();
    }
    drive(writers, producers, records, appends, WARM_UP_NANOS);
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long commits = store.metrics().commits.sum();
    long start = System.nanoTime();
    List<Double> millis = drive(writers, producers, records, appends, NANOS);
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuSeconds = (system.getProcessCpuTime() - cpu) / 1e9;
    double done = (double) millis.size() * records * appends;
    Collections.sort(millis);
    table.row(
        name,
        producers,
        Math.round(done / seconds),
        Table.percentile(millis, 0.5),
        Table.percentile(millis, 0.99),
        done / (store.metrics().commits.sum() - commits),
        cpuSeconds / done * 1e6,
        BARE_CPU);
    store.logs().delete(ids[0]).toCompletableFuture().join();
  }

  /** How long each call took, in ms. */
  private List<Double> drive(
      LogWriter[] writers, int producers, int records, int appends, long nanos) throws Exception {
    List<Double> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Double>>> running = new ArrayList<>();
      for (int i = 0; i < producers; i++) {
        int producer = i;
        running.add(threads.submit(() -> produce(writers, producer, records, appends, nanos)));
      }
      for (Future<List<Double>> each : running) {
        all.addAll(each.get());
      }
    }
    return all;
  }

  private List<Double> produce(
      LogWriter[] writers, int producer, int records, int appends, long nanos) {
    List<Double> millis = new ArrayList<>();
    long start = System.nanoTime();
    int next = producer;
    for (long now = start; now - start < nanos; ) {
      CompletableFuture<?>[] receipts = new CompletableFuture<?>[appends];
      for (int i = 0; i < appends; i++) {
        List<Entry> entries = new ArrayList<>(records);
        for (int record = 0; record < records; record++) {
          // Bytes of its own, as a request that was decoded has them.
          byte[] payload = payloads.get(next++ % payloads.size()).clone();
          entries.add(
              Entry.of(1, now / 1_000_000, ByteBuffer.allocate(16), ByteBuffer.wrap(payload)));
        }
        receipts[i] = append(writers[(producer + i) % SHARDS], entries);
      }
      CompletableFuture.allOf(receipts).join();
      long end = System.nanoTime();
      millis.add((end - now) / 1e6);
      now = end;
    }
    return millis;
  }

  private static CompletableFuture<Appended> append(LogWriter writer, List<Entry> entries) {
    return writer
        .append(entries)
        .exceptionallyCompose(
            failure ->
                Stages.failureOf(failure).kind() == StoreException.Kind.BUSY
                    ? writer.ready().thenCompose(ready -> append(writer, entries))
                    : CompletableFuture.failedFuture(failure))
        .toCompletableFuture();
  }
}
