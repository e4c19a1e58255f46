package io.millrace.store.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.store.StoreException;
import io.millrace.store.segment.file.LaneState;
import io.millrace.store.segment.file.Segment;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many shards in one lane: what memory and history do for their readers. */
class ShardsOfALaneTest {
  private static final Duration NO_WAIT = Duration.ZERO;
  private static final Duration LONG = Duration.ofMinutes(5);
  private final SimulatedStorage storage = new SimulatedStorage(new SplittableRandom(3));
  private final Map<Integer, LogWriter> writers = new HashMap<>();
  private InlineLog log;

  @BeforeEach
  void open() throws IOException {
    log = new InlineLog(storage);
  }

  private static LogId id(int shard) {
    return new LogId(InlineLog.ID.stream(), InlineLog.ID.createdMillis(), shard);
  }

  private LogReader reader(int shard) {
    return log.engine.reader(id(shard));
  }

  private CompletionStage<Appended> submit(int shard, long record, int size) {
    LogWriter writer = writers.computeIfAbsent(shard, n -> log.done(log.engine.claim(id(n))));
    Entry entry =
        Entry.of(
            1,
            log.nowMillis,
            ByteBuffer.allocate(8).putLong(record).flip(),
            InlineLog.entry(record, 0, size).payload().getFirst());
    return writer.append(List.of(entry));
  }

  private Position append(int shard, long record, int size) {
    return log.done(submit(shard, record, size)).positions().getFirst();
  }

  private Slice read(int shard, Position from) {
    return log.done(reader(shard).read(from, 100_000, Integer.MAX_VALUE, NO_WAIT));
  }

  private static List<Long> ids(Slice slice) {
    return slice.records().stream().map(record -> record.key().getLong(0)).toList();
  }

  private void restart() throws IOException {
    log.engine.close();
    writers.clear();
    log.open();
  }

  /** Makes the ring hold nothing of what was before. */
  private void turnTheRingOver(int shard) {
    for (int i = 0; i < 8; i++) {
      append(shard, 1_000_000 + i, 10_000);
    }
  }

  @Test
  void readsTheNewestFromMemory() {
    append(1, 1, 500);
    Position second = append(2, 2, 500);
    CompletionStage<Appended> third = submit(1, 3, 20_000);
    CompletionStage<Appended> fourth = submit(2, 4, 20_000);
    log.done(third);
    log.done(fourth);
    assertThat(ids(read(1, Position.START))).containsExactly(1L, 3L);
    assertThat(ids(read(2, Position.START))).containsExactly(2L, 4L);
    assertThat(ids(read(2, new Position(second.value() + 1)))).containsExactly(4L);
    assertThat(read(1, Position.START).records().get(1).payload())
        .isEqualTo(InlineLog.entry(3, 0, 20_000).payload().getFirst());
    assertThat(read(3, Position.START).next()).isEqualTo(reader(3).bounds().next());
    assertThat(log.metrics.windowsRead.sum()).isZero();
  }

  @Test
  void handsOutViewsThatNobodyCanChange() {
    append(1, 1, 500);
    append(1, 2, 20_000);
    assertThat(read(1, Position.START).records())
        .allSatisfy(
            record -> {
              assertThat(record.payload().isReadOnly()).isTrue();
              assertThat(record.key().isReadOnly()).isTrue();
            });
    turnTheRingOver(2);
    assertThat(read(1, Position.START).records())
        .hasSize(2)
        .allSatisfy(record -> assertThat(record.payload().isReadOnly()).isTrue());
  }

  @Test
  void wakesOnlyWhoWaitsForTheShardOfARecord() {
    append(1, 1, 100);
    CompletableFuture<Slice> one =
        reader(1).read(reader(1).bounds().next(), 9, 9999, LONG).toCompletableFuture();
    CompletableFuture<Slice> two =
        reader(2).read(Position.START, 9, 9999, LONG).toCompletableFuture();
    CompletableFuture<Void> change =
        reader(3).changed(reader(3).bounds().next(), LONG).toCompletableFuture();
    append(2, 2, 100);
    assertThat(ids(two.join())).containsExactly(2L);
    assertThat(one).isNotDone();
    assertThat(change).isNotDone();
    append(3, 3, 100);
    assertThat(change).isCompleted();
    assertThat(one).isNotDone();
    append(1, 4, 100);
    assertThat(ids(one.join())).containsExactly(4L);
    Shard shard = log.engine.lanes().getFirst().shard(1);
    assertThat(shard.signal().waiters()).isZero();
  }

  @Test
  void forgetsWhoWaitedLongEnough() {
    append(1, 1, 100);
    Position end = reader(2).bounds().next();
    Slice slice = reader(2).read(end, 9, 9999, Duration.ofMillis(20)).toCompletableFuture().join();
    assertThat(slice).isEqualTo(new Slice(List.of(), end, false));
    assertThat(log.engine.lanes().getFirst().shard(2).signal().waiters()).isZero();
  }

  @Test
  void tellsWhoWaitsThatTheStoreCloses() {
    append(1, 1, 100);
    CompletionStage<Slice> waiting = reader(1).read(reader(1).bounds().next(), 9, 9999, LONG);
    CompletionStage<Void> change = reader(1).changed(reader(1).bounds().next(), LONG);
    CompletionStage<Appended> taken = submit(1, 2, 100);
    log.engine.close();
    assertThat(log.done(taken).positions()).hasSize(1);
    assertThat(ids(log.done(waiting))).containsExactly(2L);
    assertThat(log.done(change)).isNull();
    assertThat(log.failure(reader(1).read(Position.START, 9, 9999, LONG)))
        .isEqualTo(StoreException.Kind.CLOSED);
  }

  @Test
  void failsWhoWaitsForNothingWhenTheStoreCloses() {
    append(1, 1, 100);
    CompletionStage<Slice> waiting = reader(1).read(reader(1).bounds().next(), 9, 9999, LONG);
    log.engine.close();
    assertThat(log.failure(waiting)).isEqualTo(StoreException.Kind.CLOSED);
  }

  @Test
  void doesNotScanWhatPassedWhileAReaderWaited() {
    append(1, 1, 100);
    CompletableFuture<Slice> waiting =
        reader(1).read(reader(1).bounds().next(), 9, 9999, LONG).toCompletableFuture();
    turnTheRingOver(2);
    append(1, 2, 100);
    assertThat(ids(waiting.join())).containsExactly(2L);
    assertThat(log.metrics.windowsRead.sum()).isZero();
  }

  @Test
  void endsAtOnceBehindTheLastRecordOfASealedShard() throws IOException {
    append(1, 1, 100);
    Position last = append(1, 2, 100);
    CompletableFuture<Slice> waiting =
        reader(1).read(new Position(last.value() + 1), 9, 9999, LONG).toCompletableFuture();
    log.done(writers.get(1).seal());
    assertThat(waiting.join().ended()).isTrue();
    turnTheRingOver(2);
    Slice first = log.done(reader(1).read(Position.START, 1, 9999, LONG));
    assertThat(first.ended()).isFalse();
    Slice second = log.done(reader(1).read(first.next(), 1, 9999, LONG));
    assertThat(ids(second)).containsExactly(2L);
    assertThat(second.ended()).as("with its last record").isTrue();

    restart();
    long windows = log.metrics.windowsRead.sum();
    Slice behind = log.done(reader(1).read(second.next(), 9, 9999, LONG));
    assertThat(behind.ended()).isTrue();
    assertThat(log.metrics.windowsRead.sum()).as("nothing needs to be scanned").isEqualTo(windows);
    assertThat(read(1, Position.START).ended()).isTrue();
  }

  @Test
  void readsAWindowOfHistoryOnceForAllItsReaders() throws IOException {
    for (int i = 0; i < 40; i++) {
      append(i % 4, i, 1000);
    }
    restart();
    int extents = reader(0).extents().size();
    for (int times = 0; times < 5; times++) {
      for (int shard = 0; shard < 4; shard++) {
        assertThat(ids(read(shard, Position.START))).hasSize(10);
      }
    }
    assertThat(log.metrics.windowsRead.sum()).isEqualTo(extents);
    assertThat(log.metrics.windowsFromMemory.sum()).isEqualTo(19 * extents);
  }

  @Test
  void passesWindowsWithoutRecordsOfTheShard() throws IOException {
    append(1, 1, 100);
    for (int i = 0; i < 40; i++) {
      append(2, 100 + i, 20_000);
    }
    append(1, 2, 100);
    restart();
    assertThat(reader(1).extents()).hasSizeGreaterThan(4);
    assertThat(ids(read(1, Position.START))).containsExactly(1L, 2L);
    assertThat(log.metrics.windowsRead.sum()).isEqualTo(2);
  }

  @Test
  void keepsHistoryWithinItsBytesAndLetsGoOfWhatIsDropped() throws IOException {
    for (int i = 0; i < 60; i++) {
      append(1, i, 20_000);
    }
    restart();
    assertThat(ids(read(1, Position.START))).hasSize(60);
    long held = log.engine.parts().history().bytes();
    assertThat(held).isPositive().isLessThanOrEqualTo(InlineLog.SMALL.historyCacheBytes());
    log.done(log.engine.truncate(id(1), reader(1).bounds().next()));
    assertThat(log.engine.parts().history().bytes()).isZero();
    assertThat(ids(read(1, Position.START))).isEmpty();
  }

  @Test
  void bringsSpaceBackWhenAllShardsArePurged() {
    for (int i = 0; i < 30; i++) {
      append(1 + i % 2, i, 20_000);
    }
    long before = reader(1).diskBytes();
    log.done(log.engine.truncate(id(1), reader(1).bounds().next()));
    assertThat(reader(1).diskBytes()).as("shard 2 needs it").isGreaterThanOrEqualTo(before);
    log.done(log.engine.truncate(id(2), reader(2).bounds().next()));
    assertThat(reader(1).extents()).as("a new one").hasSize(1);
    assertThat(reader(1).diskBytes()).isLessThan(before / 2);
    assertThat(log.engine.parts().ring().bytes()).isZero();
    Position next = append(2, 99, 100);
    assertThat(next).isGreaterThanOrEqualTo(reader(2).bounds().first());
    assertThat(ids(read(2, Position.START))).containsExactly(99L);
    assertThat(ids(read(1, Position.START))).isEmpty();
  }

  @Test
  void keepsWhatAShardHasThatNobodyOpened() throws IOException {
    for (int i = 0; i < 20; i++) {
      append(1 + i % 2, i, 20_000);
    }
    restart();
    log.done(log.engine.truncate(id(1), reader(1).bounds().next()));
    log.sweep();
    assertThat(ids(read(2, Position.START))).hasSize(10);
  }

  @Test
  void findsByArrivalInEachShard() throws IOException {
    List<Position> ofOne = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      log.nowMillis += 1000;
      ofOne.add(append(1, i, 10_000));
      append(2, 100 + i, 10_000);
    }
    long first = log.nowMillis - 39_000;
    for (boolean fromDisk : new boolean[] {false, true}) {
      assertThat(seek(1, first + 20_000)).isEqualTo(ofOne.get(20));
      assertThat(seek(1, first + 38_001)).isEqualTo(ofOne.get(39));
      assertThat(seek(1, 0)).isEqualTo(ofOne.getFirst());
      assertThat(seek(1, first + 39_001)).isEqualTo(reader(1).bounds().next());
      assertThat(seek(7, first)).as("a shard without records").isEqualTo(reader(7).bounds().next());
      if (!fromDisk) {
        restart();
      }
    }
    log.done(log.engine.truncate(id(1), ofOne.get(30)));
    assertThat(seek(1, first + 20_000)).isEqualTo(ofOne.get(30));
  }

  private Position seek(int shard, long millis) {
    return log.done(reader(shard).seek(Instant.ofEpochMilli(millis)));
  }

  @Test
  void findsTheFirstArrivalAlthoughTheyAreOutOfOrder() {
    log.nowMillis += 5000;
    Position late = append(1, 1, 30_000);
    log.nowMillis -= 3000;
    append(1, 2, 30_000);
    append(1, 3, 30_000);
    assertThat(seek(1, log.nowMillis + 1000)).isEqualTo(late);
  }

  @Test
  void servesWhatIsSoundBeforeADamagedRecord() throws IOException {
    List<Position> positions = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      positions.add(append(1, i, 10_000));
    }
    log.engine.close();
    Position damaged = positions.get(3);
    storage.flip(
        Segment.path(LaneDirectory.of(InlineLog.ID.stream(), InlineLog.ID.createdMillis()), 1),
        (damaged.value() & 0xffff_ffffL) + 500);
    writers.clear();
    log.open();
    Slice sound = read(1, Position.START);
    assertThat(ids(sound)).containsExactly(0L, 1L, 2L);
    assertThat(log.failure(reader(1).read(sound.next(), 9, 9999, NO_WAIT)))
        .isEqualTo(StoreException.Kind.IO);
  }

  @Test
  void readsAStateWithoutEnds() throws IOException {
    ByteBuffer old = ByteBuffer.allocate(36 + 12);
    old.put((byte) 1).put((byte) 0).putShort((short) 1).position(36);
    old.putShort((short) 7).put((byte) 1).put((byte) 0).putLong(1234).flip();
    assertThat(LaneState.decode(old).shards())
        .isEqualTo(Map.of(7, new LaneState.Shard(true, new Position(1234), null)));
  }
}
