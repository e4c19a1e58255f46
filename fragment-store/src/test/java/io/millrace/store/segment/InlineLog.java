package io.millrace.store.segment;

import io.millrace.store.Stages;
import io.millrace.store.StoreException;
import io.millrace.store.StoreMetrics;
import io.millrace.store.segment.storage.Storage;
import io.millrace.store.shard.Appended;
import io.millrace.store.shard.Entry;
import io.millrace.store.shard.Head;
import io.millrace.store.shard.LogId;
import io.millrace.store.shard.LogReader;
import io.millrace.store.shard.LogWriter;
import io.millrace.store.shard.Marks;
import io.millrace.store.shard.Position;
import io.millrace.store.shard.Slice;
import io.millrace.store.shard.StoredRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;

/** One shard log in an engine without threads, on a storage given, under a clock that is set. */
final class InlineLog {
  static final LogId ID = new LogId("yard", 1000, 0);

  /** Small limits, so that tests reach them. */
  static final EngineSettings SMALL =
      new EngineSettings(
          "node",
          1,
          1,
          16,
          64 << 10,
          100_000,
          150_000,
          120_000,
          50_000,
          400_000,
          64 << 10,
          256 << 10,
          Duration.ofMinutes(1),
          Duration.ofMinutes(10),
          4,
          40,
          1 << 20,
          1,
          20_000);

  final Storage storage;
  final StoreMetrics metrics = new StoreMetrics();
  long nowMillis = 1_700_000_000_000L;
  SegmentEngine engine;
  LogWriter writer;
  LogReader reader;

  InlineLog(Storage storage) throws IOException {
    this.storage = storage;
    open();
  }

  /** Opens the engine as after a start of the server. */
  void open() throws IOException {
    engine =
        SegmentEngine.inline(
            storage,
            SMALL,
            metrics,
            () -> Instant.ofEpochMilli(nowMillis),
            new SplittableRandom(nowMillis));
    writer = done(engine.claim(ID));
    reader = engine.reader(ID);
  }

  /** Does all the work there is. */
  void work() {
    boolean more = true;
    while (more) {
      more = engine.step();
    }
  }

  <T> T done(CompletionStage<T> stage) {
    work();
    return Stages.await(stage);
  }

  StoreException.Kind failure(CompletionStage<?> stage) {
    work();
    try {
      Stages.await(stage);
    } catch (StoreException e) {
      return e.kind();
    }
    throw new AssertionError("it did not fail");
  }

  static Entry entry(long id, long arrivalMillis, int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(id).nextBytes(bytes);
    return new Entry(
        1,
        arrivalMillis,
        new Marks(id, 10 * id, arrivalMillis, 0),
        ByteBuffer.wrap(new byte[Entry.MAX_ATTRIBUTES]),
        ByteBuffer.allocate(8).putLong(id).flip(),
        List.of(ByteBuffer.wrap(bytes)));
  }

  CompletionStage<Appended> submit(long id, int size) {
    return writer.append(List.of(entry(id, nowMillis, size)));
  }

  Position append(long id, int size) {
    return done(submit(id, size)).positions().getFirst();
  }

  List<Long> ids() {
    Slice slice = done(reader.read(Position.START, 100_000, Integer.MAX_VALUE, Duration.ZERO));
    return slice.records().stream().map(StoredRecord::key).map(key -> key.getLong(0)).toList();
  }

  List<Head> heads() {
    return reader.extents().stream()
        .flatMap(extent -> done(reader.heads(extent)).stream())
        .toList();
  }

  void sweep() {
    done(engine.sweep());
  }
}
