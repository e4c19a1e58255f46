package io.millrace.store.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.store.Stages;
import io.millrace.store.StoreException;
import io.millrace.store.StoreMetrics;
import io.millrace.store.shard.Appended;
import io.millrace.store.shard.Entry;
import io.millrace.store.shard.Extent;
import io.millrace.store.shard.Head;
import io.millrace.store.shard.LogId;
import io.millrace.store.shard.LogReader;
import io.millrace.store.shard.LogWriter;
import io.millrace.store.shard.Marks;
import io.millrace.store.shard.Position;
import io.millrace.store.shard.Retention;
import io.millrace.store.shard.Slice;
import io.millrace.store.shard.StoredRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * Random life of one stream with a few shards on a disk that crashes, fails and fills up, compared
 * with what must be true: every acknowledged record is there with its bytes and in order until
 * retention or truncation may take it; batches are whole; nothing is there that was never appended;
 * seals and truncations last.
 */
final class LogSimulation {
  private static final int MOST_SHARDS = 9;
  private static final long RETENTION_MILLIS = 600_000;
  private static final EngineSettings SETTINGS =
      new EngineSettings(
          "node",
          1,
          1,
          16,
          64 << 10,
          100_000,
          300_000,
          300_000,
          200_000,
          100_000,
          64 << 10,
          256 << 10,
          Duration.ofMinutes(1),
          Duration.ofMinutes(2),
          3,
          40,
          3L << 20,
          1,
          20_000);

  private final ArrayDeque<String> history = new ArrayDeque<>();
  private final SplittableRandom random;
  private final RandomGenerator epochs;
  private final SimulatedStorage storage;
  private final List<ShardModel> shards = new ArrayList<>();
  private final SimulatedReaders readers;
  private final int shardCount;
  private final StoreMetrics metrics = new StoreMetrics();
  private SegmentEngine engine;
  private List<LogWriter> writers = List.of();
  private long nowMillis = 1_700_000_000_000L;
  private long nextId = 1;
  private long highestAcked;
  private long bornMillis;
  private int crashes;
  private int checks;

  LogSimulation(long seed, RandomGenerator epochs) throws IOException {
    random = new SplittableRandom(seed);
    this.epochs = epochs;
    storage = new SimulatedStorage(random.split());
    readers = new SimulatedReaders(random.split());
    shardCount = 1 + random.nextInt(MOST_SHARDS);
    newStream();
    open();
  }

  LogSimulation(long seed) throws IOException {
    this(seed, new SplittableRandom(seed ^ 0x5eed));
  }

  SimulatedStorage storage() {
    return storage;
  }

  int crashes() {
    return crashes;
  }

  StoreMetrics metrics() {
    return metrics;
  }

  private void newStream() {
    bornMillis = nowMillis;
    shards.clear();
    for (int i = 0; i < shardCount; i++) {
      shards.add(new ShardModel());
    }
    highestAcked = 0;
  }

  private LogId id(int shard) {
    return new LogId("cam", bornMillis, shard);
  }

  private void open() throws IOException {
    engine =
        SegmentEngine.inline(
            storage, SETTINGS, metrics, () -> Instant.ofEpochMilli(nowMillis), epochs);
    readers.forget();
    List<LogWriter> claimed = new ArrayList<>();
    for (int i = 0; i < shardCount; i++) {
      if (i == shardCount / 2 && i > 0) {
        // Shards that nobody asked for yet keep what they have.
        sweep();
      }
      CompletionStage<LogWriter> claim = engine.claim(id(i));
      drain();
      claimed.add(Stages.await(claim));
    }
    writers = claimed;
    engine.retain(id(0), new Retention(Duration.ofMillis(RETENTION_MILLIS), 2 << 20));
  }

  private void drain() {
    boolean more = true;
    while (more) {
      more = engine.step();
    }
    readers.checkWaiting();
  }

  /** Does one random thing. */
  void step() throws IOException {
    nowMillis += random.nextInt(3000);
    int dice = random.nextInt(1000);
    remember(dice);
    if (dice < 500) {
      append();
    } else if (dice < 650) {
      engine.step();
      readers.checkWaiting();
    } else if (dice < 750) {
      readSomehow();
    } else if (dice < 800) {
      nowMillis += random.nextInt(60_000);
      sweep();
    } else if (dice < 830) {
      truncate();
    } else if (dice < 833) {
      seal();
    } else if (dice < 860) {
      storage.crashAfter(random.nextInt(6));
    } else if (dice < 890) {
      storage.failAfter(random.nextInt(6));
    } else if (dice < 910) {
      storage.full(random.nextBoolean());
    } else if (dice < 940) {
      engine.close();
      reopen();
    } else if (dice < 960) {
      loseSideIndex();
    } else if (dice < 965) {
      deleteStream();
    } else {
      check();
    }
    if (storage.crashed()) {
      drain();
      reopen();
    }
  }

  private void remember(int dice) {
    List<String> segments = storage.paths().stream().filter(path -> path.endsWith(".seg")).toList();
    history.addLast(
        "%d at %d, truncated to %s, %d segments up to %s"
            .formatted(
                dice,
                nowMillis,
                shards.stream().map(shard -> shard.truncatedTo.value()).toList(),
                segments.size(),
                segments.isEmpty() ? "none" : segments.getLast()));
    if (history.size() > 8) {
      history.removeFirst();
    }
  }

  /** The last steps, for the message of a failure. */
  String history() {
    return String.join("\n", history);
  }

  private void reopen() throws IOException {
    if (!storage.crashed()) {
      storage.crash();
    }
    crashes++;
    storage.restart();
    open();
    check();
  }

  private void append() {
    int number = random.nextInt(shardCount);
    ShardModel shard = shards.get(number);
    long batch = nextId;
    int count = random.nextInt(4) == 0 ? 1 + random.nextInt(5) : 1;
    List<Entry> entries = new ArrayList<>();
    List<ShardModel.Written> written = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int size = random.nextInt(20) == 0 ? random.nextInt(90_000) : random.nextInt(6000);
      ShardModel.Written record =
          new ShardModel.Written(nextId++, batch, Math.min(size, 95_000 / count), nowMillis);
      written.add(record);
      shard.attempted.put(record.id(), record);
      ByteBuffer payload = record.payload();
      int cut = random.nextInt(payload.remaining() + 1);
      boolean marked = random.nextInt(5) > 0;
      entries.add(
          new Entry(
              1 + random.nextInt(3),
              nowMillis,
              marked ? new Marks(record.id(), -record.id(), nowMillis, 7) : null,
              marked ? ByteBuffer.wrap(new byte[] {1, 2, 3}) : Entry.NO_BYTES,
              ByteBuffer.allocate(8).putLong(record.id()).flip(),
              List.of(payload.slice(0, cut), payload.slice(cut, payload.remaining() - cut))));
    }
    shard.batchSizes.put(batch, count);
    writers
        .get(number)
        .append(entries)
        .whenComplete((receipt, failure) -> settled(shard, written, receipt, failure));
  }

  private void settled(
      ShardModel shard, List<ShardModel.Written> written, Appended receipt, Throwable failure) {
    if (failure != null) {
      StoreException.Kind kind = Stages.failureOf(failure).kind();
      if (kind == StoreException.Kind.BUSY || kind == StoreException.Kind.SEALED) {
        written.forEach(record -> shard.attempted.remove(record.id()));
      } else {
        written.forEach(record -> shard.failed.add(record.id()));
      }
      assertThat(kind)
          .isIn(
              StoreException.Kind.BUSY,
              StoreException.Kind.SEALED,
              StoreException.Kind.NO_SPACE,
              StoreException.Kind.IO);
      if (kind == StoreException.Kind.SEALED) {
        assertThat(shard.maybeSealed).isTrue();
      }
      return;
    }
    assertThat(shard.sealed).as("append to a sealed shard").isFalse();
    for (int i = 0; i < written.size(); i++) {
      shard.ack(written.get(i).id(), receipt.positions().get(i));
      highestAcked = Math.max(highestAcked, 0);
    }
  }

  private void readSomehow() {
    int number = random.nextInt(shardCount);
    ShardModel shard = shards.get(number);
    LogReader reader = engine.reader(id(number));
    switch (random.nextInt(6)) {
      case 0 -> readers.payloads(shard, reader);
      case 1 -> readers.await(shard, reader);
      case 2 -> readers.seek(shard, reader, nowMillis);
      default -> readers.read(shard, reader);
    }
  }

  private void sweep() {
    CompletionStage<Void> sweep = engine.sweep();
    drain();
    assertThat(sweep.toCompletableFuture()).isDone();
  }

  private void truncate() {
    int number = random.nextInt(shardCount);
    ShardModel shard = shards.get(number);
    if (shard.acked.isEmpty()) {
      return;
    }
    List<Position> positions = shard.acked.values().stream().sorted().toList();
    Position before =
        random.nextInt(4) == 0
            ? engine.reader(id(number)).bounds().next()
            : positions.get(random.nextInt(positions.size()));
    shard.truncations.add(before);
    shard.maybeTruncatedTo = max(shard.maybeTruncatedTo, before);
    CompletionStage<Void> done = engine.truncate(id(number), before);
    drain();
    if (!done.toCompletableFuture().isCompletedExceptionally()) {
      shard.truncatedTo = max(shard.truncatedTo, before);
    }
  }

  private static Position max(Position one, Position other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  private void seal() {
    int number = random.nextInt(shardCount);
    ShardModel shard = shards.get(number);
    drain();
    shard.maybeSealed = true;
    CompletionStage<Void> done = writers.get(number).seal();
    drain();
    shard.sealed |= !done.toCompletableFuture().isCompletedExceptionally();
  }

  private void loseSideIndex() {
    List<String> indexes = storage.paths().stream().filter(path -> path.endsWith(".idx")).toList();
    if (!indexes.isEmpty()) {
      String path = indexes.get(random.nextInt(indexes.size()));
      if (storage.bytes(path) > 0) {
        storage.flip(path, random.nextLong(storage.bytes(path)));
      }
    }
  }

  private void deleteStream() throws IOException {
    drain();
    boolean deleted = false;
    while (!deleted) {
      CompletionStage<Void> done = engine.delete(id(0));
      drain();
      deleted = !done.toCompletableFuture().isCompletedExceptionally();
      if (!deleted) {
        // The catalogue repeats an unfinished deletion when the store is opened next.
        reopenQuietly();
      }
    }
    nowMillis++;
    newStream();
    reopenQuietly();
  }

  private void reopenQuietly() throws IOException {
    storage.crash();
    storage.restart();
    open();
  }

  /** Compares everything with the model. */
  void check() {
    drain();
    if (storage.crashed()) {
      return;
    }
    checks++;
    for (int number = 0; number < shardCount; number++) {
      check(shards.get(number), engine.reader(id(number)));
    }
    Marks highest = engine.reader(id(0)).highest();
    if (highestAcked > 0) {
      assertThat(highest).isNotNull();
      assertThat(highest.first()).isGreaterThanOrEqualTo(highestAcked);
    }
  }

  private void check(ShardModel shard, LogReader reader) {
    List<StoredRecord> all = readAll(reader);
    Set<Long> present = new HashSet<>();
    Map<Long, Integer> batches = new HashMap<>();
    Position last = Position.START;
    for (StoredRecord record : all) {
      long id = record.key().getLong(0);
      ShardModel.Written written = shard.attempted.get(id);
      assertThat(written).as("record %d was appended", id).isNotNull();
      assertThat(present.add(id)).as("record %d once", id).isTrue();
      assertThat(record.payload()).isEqualTo(written.payload());
      assertThat(record.head().position()).isGreaterThan(last);
      last = record.head().position();
      Position acked = shard.acked.get(id);
      if (acked != null) {
        assertThat(record.head().position()).as("position of %d", id).isEqualTo(acked);
      }
      assertThat(last).isGreaterThanOrEqualTo(shard.truncatedTo);
      batches.merge(written.batch(), 1, Integer::sum);
    }
    Position first = all.isEmpty() ? last : all.getFirst().head().position();
    long oldestBatch =
        all.isEmpty() ? 0 : shard.attempted.get(all.getFirst().key().getLong(0)).batch();
    batches.forEach(
        (batch, count) -> {
          if (count < shard.batchSizes.get(batch)) {
            assertThat(shard.truncations).as("batch %d", batch).contains(first);
            assertThat(batch).as("whole").isEqualTo(oldestBatch);
          }
        });
    shard.acked.forEach(
        (id, position) -> {
          if (!present.contains(id)) {
            boolean truncated = position.compareTo(shard.maybeTruncatedTo) < 0;
            boolean old = shard.attempted.get(id).arrivalMillis() < nowMillis - RETENTION_MILLIS;
            boolean crowded = engine.reader(id(0)).diskBytes() > 1 << 20;
            assertThat(truncated || old || crowded)
                .as("record %d at %s is kept", id, position)
                .isTrue();
            assertThat(position.compareTo(first) < 0 || all.isEmpty())
                .as("only the oldest records go; %d at %s, first %s", id, position, first)
                .isTrue();
          }
        });
    if (shard.sealed) {
      assertThat(reader.bounds().sealed()).isTrue();
    }
    checkHeads(all, reader);
    shard.acked.keySet().retainAll(present);
    // What failed may come back after a crash, for as long as nothing was written behind it.
    shard.failed.removeAll(present);
    shard.attempted.keySet().removeIf(id -> !present.contains(id) && !shard.failed.contains(id));
    // What is there after a crash was durable, acknowledged or not; from now on it must stay.
    all.forEach(record -> shard.ack(record.key().getLong(0), record.head().position()));
    all.stream()
        .filter(record -> record.head().marks() != null)
        .forEach(record -> highestAcked = Math.max(highestAcked, record.head().marks().first()));
  }

  private static void checkHeads(List<StoredRecord> all, LogReader reader) {
    List<Head> marked =
        all.stream().map(StoredRecord::head).filter(head -> head.marks() != null).toList();
    List<Head> heads = new ArrayList<>();
    for (Extent extent : reader.extents()) {
      List<Head> some = Stages.await(reader.heads(extent));
      for (Head head : some) {
        assertThat(head.marks().first()).isBetween(extent.min().first(), extent.max().first());
      }
      long besides = some.stream().filter(head -> head.shard() != 0).count();
      assertThat(besides).isLessThanOrEqualTo(extent.besides());
      assertThat(some.size() - besides).isLessThanOrEqualTo(extent.records() - extent.besides());
      heads.addAll(some);
    }
    assertThat(heads).isEqualTo(marked);
    for (StoredRecord record : all) {
      if (record.head().marks() != null) {
        assertThat(Stages.await(reader.payload(record.head()))).isEqualTo(record.payload());
      }
    }
  }

  private List<StoredRecord> readAll(LogReader reader) {
    List<StoredRecord> all = new ArrayList<>();
    Position next = Position.START;
    while (true) {
      Slice slice =
          Stages.await(
              reader.read(
                  next, 1 + random.nextInt(50), 1 + random.nextInt(200_000), Duration.ZERO));
      all.addAll(slice.records());
      if (slice.records().isEmpty()) {
        return all;
      }
      next = slice.next();
    }
  }

  int checks() {
    return checks;
  }

  SimulatedReaders readers() {
    return readers;
  }
}
