package io.millrace.store.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.store.Stages;
import io.millrace.store.StoreException;
import io.millrace.store.StoreMetrics;
import io.millrace.store.segment.storage.FileStorage;
import io.millrace.store.shard.Appended;
import io.millrace.store.shard.Entry;
import io.millrace.store.shard.LogId;
import io.millrace.store.shard.LogReader;
import io.millrace.store.shard.LogWriter;
import io.millrace.store.shard.Position;
import io.millrace.store.shard.Slice;
import io.millrace.store.shard.StoredRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writers and readers of several shards on threads, with so little memory that readers fall out of
 * it and catch up all the time: each sees every record once and in order.
 */
class TailRaceTest {
  private static final int SHARDS = 5;
  private static final int LANES = 2;
  private static final int RECORDS = 6000;
  private static final int READERS = 2;

  private static LogId id(int lane, int shard) {
    return new LogId("lane-" + lane, 1, shard);
  }

  private static EngineSettings tight(long historyBytes) {
    EngineSettings defaults = EngineSettings.DEFAULTS;
    return new EngineSettings(
        "node",
        2,
        3,
        4096,
        64 << 10,
        1 << 20,
        4L << 20,
        2L << 20,
        200_000,
        historyBytes,
        1 << 20,
        4 << 20,
        Duration.ofSeconds(1),
        Duration.ofMinutes(1),
        8,
        1000,
        64L << 20,
        defaults.diskReserveBytes(),
        1 << 20);
  }

  @Test
  void everyReaderSeesEveryRecordOnceAndInOrder(@TempDir Path directory)
      throws IOException, InterruptedException, ExecutionException {
    StoreMetrics metrics = new StoreMetrics();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        SegmentEngine engine =
            SegmentEngine.open(
                FileStorage.open(directory, true),
                tight(300_000),
                metrics,
                InstantSource.system(),
                new SplittableRandom(1),
                Thread::new)) {
      List<Future<?>> all = new ArrayList<>();
      for (int lane = 0; lane < LANES; lane++) {
        for (int shard = 0; shard < SHARDS; shard++) {
          LogId id = id(lane, shard);
          LogWriter writer = Stages.await(engine.claim(id));
          CountDownLatch half = new CountDownLatch(1);
          all.add(threads.submit(() -> write(writer, id.shard(), half)));
          for (int i = 0; i < READERS; i++) {
            LogReader reader = engine.reader(id);
            boolean late = i > 0;
            all.add(
                threads.submit(
                    () -> {
                      if (late) {
                        half.await();
                      }
                      read(reader, late);
                      return true;
                    }));
          }
        }
      }
      for (Future<?> each : all) {
        each.get();
      }
      assertThat(metrics.windowsRead.sum()).isPositive();
      assertThat(engine.parts().ring().bytes()).isLessThanOrEqualTo(200_000);
      assertThat(engine.parts().history().bytes()).isLessThanOrEqualTo(300_000);
    }
  }

  private static void write(LogWriter writer, int seed, CountDownLatch half) {
    SplittableRandom random = new SplittableRandom(seed);
    long next = 0;
    while (next < RECORDS) {
      if (next >= RECORDS / 2) {
        half.countDown();
      }
      List<Entry> entries = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(20) && next < RECORDS; i++, next++) {
        ByteBuffer payload = ByteBuffer.allocate(20 + random.nextInt(400)).putLong(0, next);
        entries.add(Entry.of(1, 1, Entry.NO_BYTES, payload));
      }
      boolean taken = false;
      while (!taken) {
        try {
          Stages.await(writer.append(entries));
          taken = true;
        } catch (StoreException e) {
          assertThat(e.kind()).isEqualTo(StoreException.Kind.BUSY);
          Stages.await(writer.ready());
        }
      }
    }
    Stages.await(writer.seal());
  }

  private static void read(LogReader reader, boolean late) {
    Position from = Position.START;
    long expected = 0;
    SplittableRandom random = new SplittableRandom(7);
    while (true) {
      int records = late ? 1 + random.nextInt(200) : 1000;
      Slice slice = Stages.await(reader.read(from, records, 100_000, Duration.ofSeconds(60)));
      for (StoredRecord record : slice.records()) {
        assertThat(record.payload().getLong(0)).isEqualTo(expected++);
        assertThat(record.head().position()).isGreaterThanOrEqualTo(from);
      }
      assertThat(slice.next()).isGreaterThanOrEqualTo(from);
      from = slice.next();
      if (slice.ended()) {
        assertThat(expected).isEqualTo(RECORDS);
        return;
      }
    }
  }

  @Test
  void readersThatComeTogetherReadHistoryOnce(@TempDir Path directory)
      throws IOException, InterruptedException, ExecutionException {
    int shards = 100;
    int batches = 160;
    StoreMetrics metrics = new StoreMetrics();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        SegmentEngine engine =
            SegmentEngine.open(
                FileStorage.open(directory, true),
                tight(6 << 20),
                metrics,
                InstantSource.system(),
                new SplittableRandom(1),
                Thread::new)) {
      List<LogWriter> writers = new ArrayList<>();
      for (int shard = 0; shard < shards; shard++) {
        writers.add(Stages.await(engine.claim(id(0, shard))));
      }
      for (int batch = 0; batch < batches; batch++) {
        List<CompletionStage<Appended>> receipts = new ArrayList<>();
        for (LogWriter writer : writers) {
          ByteBuffer payload = ByteBuffer.allocate(1000).putLong(0, batch);
          receipts.add(writer.append(List.of(Entry.of(1, 1, Entry.NO_BYTES, payload))));
        }
        receipts.forEach(Stages::await);
      }
      List<Future<Long>> readers = new ArrayList<>();
      for (int shard = 0; shard < shards; shard++) {
        LogReader reader = engine.reader(id(0, shard));
        readers.add(
            threads.submit(
                () ->
                    Stages.await(
                            reader.read(Position.START, batches, 1 << 20, Duration.ofSeconds(60)))
                        .records()
                        .stream()
                        .map(record -> record.payload().getLong(0))
                        .filter(number -> number < batches)
                        .distinct()
                        .count()));
      }
      for (Future<Long> reader : readers) {
        assertThat(reader.get()).isEqualTo(batches);
      }
      long windows = engine.reader(id(0, 0)).diskBytes() >> 20;
      assertThat(windows).as("more than the cache holds").isGreaterThan(12);
      assertThat(metrics.windowsRead.sum()).isBetween(windows / 2, 3 * windows);
    }
  }
}
