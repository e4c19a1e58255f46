package io.millrace.store.local;

import io.millrace.store.Stages;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.NewFragment;
import io.millrace.store.stream.StreamCatalog.NewStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Appends fragments to streams of a store, each producer waiting for its receipt before the next
 * append, and measures. For benchmarks and long trials.
 *
 * @param streams number of streams, each with one producer
 * @param fragmentBytes payload of a fragment
 * @param fragments fragments per stream
 * @param inFlight appends a producer may have under way
 * @param bytesPerSecond rate of all producers together; 0 for as fast as it goes
 */
public record AppendLoad(
    int streams, int fragmentBytes, int fragments, int inFlight, long bytesPerSecond) {

  /**
   * What came out.
   *
   * @param seconds wall time
   * @param bytes payload made durable
   * @param commits durable writes
   * @param cpuSeconds CPU time of the process meanwhile
   * @param ackMicros time from append to receipt, sorted
   */
  public record Result(
      double seconds, long bytes, long commits, double cpuSeconds, long[] ackMicros) {
    /** Payload megabytes (1e6) per second. */
    public double megabytesPerSecond() {
      return bytes / 1e6 / seconds;
    }

    /** CPU seconds per gigabyte (1e9) of payload. */
    public double cpuSecondsPerGigabyte() {
      return cpuSeconds / (bytes / 1e9);
    }

    /** The p-quantile of the ack time, in microseconds. */
    public long ackMicros(double p) {
      return ackMicros[(int) Math.min(ackMicros.length - 1, p * ackMicros.length)];
    }

    @Override
    public String toString() {
      return "%.0f MB/s, %.0f commits/s, %.3f CPU s/GB, %.0f us CPU per commit, ack p50 %d us p99 %d us"
          .formatted(
              megabytesPerSecond(),
              commits / seconds,
              cpuSecondsPerGigabyte(),
              cpuSeconds * 1e6 / commits,
              ackMicros(0.5),
              ackMicros(0.99));
    }
  }

  /** Makes the streams {@code load-N} where needed, and appends. */
  public Result run(Store store) {
    List<FragmentLog> logs = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      String name = "load-" + i;
      if (store.catalog().find(name).isEmpty()) {
        Stages.await(
            store
                .catalog()
                .create(
                    new NewStream(
                        name,
                        24,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "HOT",
                        Map.of())));
      }
      logs.add(store.catalog().fragments(name));
    }
    long commits = store.metrics().commits.sum();
    long cpu = cpuNanos();
    long started = System.nanoTime();
    long[] ackMicros = append(logs);
    double seconds = (System.nanoTime() - started) / 1e9;
    Arrays.sort(ackMicros);
    return new Result(
        seconds,
        (long) streams * fragments * fragmentBytes,
        store.metrics().commits.sum() - commits,
        (cpuNanos() - cpu) / 1e9,
        ackMicros);
  }

  private long[] append(List<FragmentLog> logs) {
    long[] ackMicros = new long[streams * fragments];
    AtomicInteger next = new AtomicInteger();
    Semaphore room = new Semaphore(streams * inFlight);
    byte[][] payloads = new byte[64][fragmentBytes];
    SplittableRandom random = new SplittableRandom(1);
    for (byte[] payload : payloads) {
      random.nextBytes(payload);
    }
    long started = System.nanoTime();
    for (int i = 0; i < ackMicros.length; i++) {
      if (bytesPerSecond > 0) {
        long due = started + (long) (i * 1e9 * fragmentBytes / bytesPerSecond);
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
      }
      room.acquireUninterruptibly();
      FragmentLog log = logs.get(i % streams);
      long at = System.nanoTime();
      log.append(
              new NewFragment(
                  log.nextNumber(),
                  i * 1_000_000_000L,
                  1_000_000_000L,
                  1,
                  0,
                  ByteBuffer.wrap(payloads[i % payloads.length])))
          .whenComplete(
              (entry, failure) -> {
                if (failure == null) {
                  ackMicros[next.getAndIncrement()] = (System.nanoTime() - at) / 1000;
                }
                room.release();
              });
    }
    room.acquireUninterruptibly(streams * inFlight);
    if (next.get() != ackMicros.length) {
      throw new IllegalStateException(
          "%d of %d appends failed".formatted(ackMicros.length - next.get(), ackMicros.length));
    }
    return ackMicros;
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
