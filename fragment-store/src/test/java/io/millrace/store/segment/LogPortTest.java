package io.millrace.store.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.store.StoreException;
import io.millrace.store.shard.Appended;
import io.millrace.store.shard.Entry;
import io.millrace.store.shard.LogId;
import io.millrace.store.shard.LogReader;
import io.millrace.store.shard.LogWriter;
import io.millrace.store.shard.Position;
import io.millrace.store.shard.Slice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The promises of the port, and every limit at it and one beyond. */
class LogPortTest {
  private InlineLog log;

  @BeforeEach
  void open() throws IOException {
    log = new InlineLog(new SimulatedStorage(new SplittableRandom(3)));
  }

  @Test
  void readsBackWhatWasAppendedInOrder() {
    Position first = log.append(1, 100);
    Position second = log.append(2, 0);
    assertThat(first).isLessThan(second);
    Slice slice = log.done(log.reader.read(Position.START, 1, 10_000, Duration.ZERO));
    assertThat(slice.records()).hasSize(1);
    assertThat(slice.records().getFirst().payload())
        .isEqualTo(InlineLog.entry(1, 0, 100).payload().getFirst());
    Slice next = log.done(log.reader.read(slice.next(), 10, 10_000, Duration.ZERO));
    assertThat(next.records()).hasSize(1);
    assertThat(next.records().getFirst().head().position()).isEqualTo(second);
    assertThat(next.ended()).isFalse();
  }

  @Test
  void commitsWhatWaitsTogether() {
    long before = log.metrics.commits.sum();
    CompletionStage<Appended> one = log.submit(1, 1000);
    CompletionStage<Appended> two = log.submit(2, 1000);
    log.done(one);
    log.done(two);
    assertThat(log.metrics.commits.sum() - before).isEqualTo(1);
  }

  @Test
  void boundsACommit() {
    long before = log.metrics.commits.sum();
    CompletionStage<Appended> one = log.submit(1, 40_000);
    CompletionStage<Appended> two = log.submit(2, 40_000);
    log.done(one);
    log.done(two);
    assertThat(log.metrics.commits.sum() - before).isEqualTo(2);
  }

  @Test
  void takesTheLargestRecordAndNoLarger() {
    log.append(1, InlineLog.SMALL.maxRecordBytes());
    assertThat(log.failure(log.submit(2, InlineLog.SMALL.maxRecordBytes() + 1)))
        .isEqualTo(StoreException.Kind.TOO_LARGE);
    assertThat(log.done(log.reader.payload(log.heads().getFirst())).remaining())
        .isEqualTo(InlineLog.SMALL.maxRecordBytes());
  }

  @Test
  void refusesMoreThanTheQueueTakesAndSaysWhenThereIsRoom() {
    CompletionStage<Appended> one = log.submit(1, 60_000);
    CompletionStage<Appended> two = log.submit(2, 59_000);
    assertThat(log.writer.ready().toCompletableFuture()).isNotDone();
    CompletableFuture<Void> ready = log.writer.ready().toCompletableFuture();
    CompletableFuture<Appended> three = log.submit(3, 1000).toCompletableFuture();
    assertThat(three).isCompletedExceptionally();
    assertThat(log.failure(three)).isEqualTo(StoreException.Kind.BUSY);
    assertThat(log.metrics.appendsBusy.sum()).isEqualTo(1);
    log.done(one);
    log.done(two);
    assertThat(ready).isCompleted();
    log.append(3, 1000);
  }

  @Test
  void fencesAFormerWriter() {
    LogWriter former = log.writer;
    CompletionStage<Appended> promised = log.submit(1, 100);
    LogWriter latter = log.done(log.engine.claim(InlineLog.ID));
    log.done(promised);
    assertThat(log.failure(former.append(List.of(InlineLog.entry(2, 0, 10)))))
        .isEqualTo(StoreException.Kind.FENCED);
    assertThat(log.failure(former.seal())).isEqualTo(StoreException.Kind.FENCED);
    log.done(latter.append(List.of(InlineLog.entry(3, 0, 10))));
    assertThat(log.ids()).containsExactly(1L, 3L);
    assertThat(log.engine.owner(InlineLog.ID)).contains("node");
  }

  @Test
  void sealsForGood() throws IOException {
    log.append(1, 100);
    log.done(log.writer.seal());
    assertThat(log.failure(log.submit(2, 100))).isEqualTo(StoreException.Kind.SEALED);
    log.engine.close();
    log.open();
    assertThat(log.failure(log.submit(3, 100))).isEqualTo(StoreException.Kind.SEALED);
    Slice slice =
        log.done(log.reader.read(log.reader.bounds().next(), 10, 10, Duration.ofHours(1)));
    assertThat(slice.ended()).isTrue();
    assertThat(log.ids()).containsExactly(1L);
  }

  @Test
  void keepsShardsOfAStreamApart() {
    LogId other = new LogId(InlineLog.ID.stream(), InlineLog.ID.createdMillis(), 5);
    LogWriter writer = log.done(log.engine.claim(other));
    CompletionStage<Appended> one = log.submit(1, 100);
    CompletionStage<Appended> two = writer.append(List.of(InlineLog.entry(2, 0, 100)));
    CompletionStage<Appended> three = log.submit(3, 100);
    log.done(one);
    log.done(two);
    log.done(three);
    assertThat(log.ids()).containsExactly(1L, 3L);
    LogReader reader = log.engine.reader(other);
    assertThat(log.done(reader.read(Position.START, 9, 9999, Duration.ZERO)).records()).hasSize(1);
    log.done(writer.seal());
    log.append(4, 100);
  }

  @Test
  void wakesWhoWaitsAtTheEnd() {
    CompletableFuture<Slice> waiting =
        log.reader.read(Position.START, 10, 10_000, Duration.ofMinutes(5)).toCompletableFuture();
    assertThat(waiting).isNotDone();
    log.append(1, 100);
    assertThat(log.done(waiting).records()).hasSize(1);
  }

  @Test
  void findsByArrivalTime() {
    Position[] positions = new Position[30];
    for (int i = 0; i < positions.length; i++) {
      log.nowMillis += 1000;
      positions[i] = log.append(i, 20_000);
    }
    long last = log.nowMillis;
    assertThat(seek(last)).isEqualTo(positions[29]);
    assertThat(seek(last - 10_500)).isEqualTo(positions[19]);
    assertThat(seek(0)).isEqualTo(positions[0]);
    assertThat(seek(last + 1)).isEqualTo(log.reader.bounds().next());
  }

  private Position seek(long millis) {
    return log.done(log.reader.seek(Instant.ofEpochMilli(millis)));
  }

  @Test
  void keepsFewFilesOpen() {
    for (int id = 1; id <= 60; id++) {
      log.append(id, 30_000);
    }
    log.heads().forEach(head -> log.done(log.reader.payload(head)));
    assertThat(log.reader.extents()).hasSizeGreaterThan(2 * InlineLog.SMALL.openFiles());
    assertThat(log.engine.parts().openFiles().size())
        .isLessThanOrEqualTo(InlineLog.SMALL.openFiles());
  }

  @Test
  void keepsTheRingWithinItsBytes() {
    for (int id = 1; id <= 20; id++) {
      log.append(id, 10_000);
    }
    assertThat(log.engine.parts().ring().bytes())
        .isPositive()
        .isLessThanOrEqualTo(InlineLog.SMALL.ringBytes());
    log.done(log.reader.payload(log.reader.newestHeads(1).getFirst()));
    assertThat(log.metrics.readsFromDisk.sum()).isZero();
    log.done(log.reader.payload(log.heads().getFirst()));
    assertThat(log.metrics.readsFromDisk.sum()).isEqualTo(1);
  }

  @Test
  void refusesEntriesBeyondTheirLimits() {
    ByteBuffer key = ByteBuffer.allocate(Entry.MAX_KEY);
    assertThat(Entry.of(1, 0, key, Entry.NO_BYTES).key().remaining()).isEqualTo(Entry.MAX_KEY);
    assertThatThrownBy(() -> Entry.of(1, 0, ByteBuffer.allocate(Entry.MAX_KEY + 1), Entry.NO_BYTES))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Entry.of(256, 0, key, key))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LogId("x", 0, LogId.MAX_SHARD + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LogId("x".repeat(257), 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    List<Entry> own = List.of(Entry.of(0, 0, Entry.NO_BYTES, Entry.NO_BYTES));
    assertThatThrownBy(() -> log.writer.append(own)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesDirectoriesSoThatAnOperatorCanReadThem() {
    assertThat(LaneDirectory.of("front-door_2.a", 17)).isEqualTo("streams/front-door_2.a-17");
    assertThat(LaneDirectory.of("../a b", 17)).isEqualTo("streams/%2e.%2fa%20b-17");
    assertThat(LaneDirectory.of("x".repeat(256), 17)).hasSizeLessThan(240);
    assertThat(LaneDirectory.of("x".repeat(256), 17))
        .isNotEqualTo(LaneDirectory.of("x".repeat(255), 17));
  }
}
