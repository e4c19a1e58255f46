package io.millrace.tests.bench;

import com.sun.management.OperatingSystemMXBean;
import io.millrace.store.local.Store;
import io.millrace.store.local.StoreSettings;
import io.millrace.store.shard.Entry;
import io.millrace.store.shard.LogId;
import io.millrace.store.shard.LogWriter;
import io.millrace.tests.process.Programs;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Durable appends one after the other, beside fio writing the same sizes in the same mode. */
final class AppendBench implements Bench {
  private static final int MIB = 1 << 20;

  @Override
  public String purpose() {
    return "durable append MB/s, commits/s, CPU-s per GB, beside fio (O_DIRECT, O_DSYNC); 1 KB records";
  }

  @Override
  public void run(Table table) throws Exception {
    // The same disk as a server's data folder: the current folder, not a tmpfs.
    Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "bench-append");
    try {
      table.head(
          "append bytes",
          "MB/s",
          "commits/s",
          "p50 ms",
          "p99 ms",
          "CPU-s per GB",
          "fio MB/s",
          "ratio");
      try (Store store =
          Store.open(
              StoreSettings.DEFAULTS,
              folder.resolve("data"),
              InstantSource.system(),
              new Random(1),
              Thread.ofPlatform().factory())) {
        // Files that were written once are what a server works with after its first hours.
        LogId warm = new LogId("warm", 1, 0);
        append(store, warm, payloads(MIB), 1024);
        store.logs().delete(warm).toCompletableFuture().join();
        int stream = 0;
        for (int size : List.of(MIB, 256 << 10, 64 << 10, 4 << 10)) {
          measure(table, store, new LogId("bench-" + stream++, 1, 0), size, folder);
        }
        table.note("");
        new RecordAppends(store).run(table);
      }
    } finally {
      Programs.run("rm", "-rf", folder.toString());
    }
  }

  private static void measure(Table table, Store store, LogId id, int size, Path folder) {
    int count = Math.min(8000, 800 * MIB / size);
    List<ByteBuffer> payloads = payloads(size);
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long start = System.nanoTime();
    List<Double> millis = append(store, id, payloads, count);
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuSeconds = (system.getProcessCpuTime() - cpu) / 1e9;
    double gigabytes = (double) size * count / 1e9;
    store.logs().delete(id).toCompletableFuture().join();
    double fio = fio(size, folder);
    table.row(
        size,
        gigabytes * 1000 / seconds,
        count / seconds,
        Table.percentile(millis, 0.5),
        Table.percentile(millis, 0.99),
        cpuSeconds / gigabytes,
        fio,
        gigabytes * 1000 / seconds / fio);
  }

  private static List<Double> append(Store store, LogId id, List<ByteBuffer> payloads, int count) {
    store.logs().create(id).toCompletableFuture().join();
    LogWriter writer = store.logs().claim(id).toCompletableFuture().join();
    List<Double> millis = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      ByteBuffer payload = payloads.get(i % payloads.size()).duplicate();
      long start = System.nanoTime();
      writer
          .append(List.of(Entry.of(1, start / 1_000_000, Entry.NO_BYTES, payload)))
          .toCompletableFuture()
          .join();
      millis.add((System.nanoTime() - start) / 1e6);
    }
    return millis.stream().sorted().toList();
  }

  /**
   * Twice as many bytes as the live ring holds, so that a buffer comes round again only after the
   * store has let go of it, and the log is measured rather than the allocator.
   */
  private static List<ByteBuffer> payloads(int size) {
    long ringBytes = StoreSettings.DEFAULTS.engine().ringBytes();
    Random random = new Random(7);
    List<ByteBuffer> payloads = new ArrayList<>();
    for (long bytes = 0; bytes < 2 * ringBytes && payloads.size() < 4096; bytes += size) {
      byte[] content = new byte[size];
      random.nextBytes(content);
      payloads.add(ByteBuffer.wrap(content));
    }
    return payloads;
  }

  private static double fio(int size, Path folder) {
    String out =
        Programs.run(
                "fio",
                "--name=log",
                "--directory=" + folder,
                "--rw=write",
                "--bs=" + size,
                "--size=" + Math.min(800L * MIB, 8000L * size),
                "--direct=1",
                "--sync=dsync",
                "--overwrite=1",
                "--ioengine=psync",
                "--output-format=terse",
                "--terse-version=3")
            .orThrow()
            .out();
    for (String line : out.split("\n")) {
      if (line.startsWith("3;")) {
        // Field 48 of the terse format is the write bandwidth in KiB/s.
        return Double.parseDouble(line.split(";")[47]) * 1024 / 1e6;
      }
    }
    throw new IllegalStateException(out);
  }
}
