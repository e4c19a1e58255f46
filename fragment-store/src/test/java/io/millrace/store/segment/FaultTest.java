package io.millrace.store.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.store.StoreException;
import io.millrace.store.segment.file.RecordLayout;
import io.millrace.store.segment.file.Segment;
import io.millrace.store.shard.Appended;
import io.millrace.store.shard.Head;
import io.millrace.store.shard.Position;
import io.millrace.store.shard.Retention;
import io.millrace.store.shard.Slice;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a full or failing disk, a power cut and damaged bytes do to a log. */
class FaultTest {
  private final SimulatedStorage storage = new SimulatedStorage(new SplittableRandom(2));
  private InlineLog log;

  @BeforeEach
  void open() throws IOException {
    log = new InlineLog(storage);
  }

  @Test
  void failsClearlyOnAFullDiskAndRecoversWhenSpaceReturns() {
    log.append(1, 30_000);
    storage.full(true);
    assertThat(log.failure(log.submit(2, 30_000))).isEqualTo(StoreException.Kind.NO_SPACE);
    assertThat(log.failure(log.submit(3, 30_000))).isEqualTo(StoreException.Kind.NO_SPACE);
    assertThat(log.ids()).containsExactly(1L);
    assertThat(log.metrics.appendsNoSpace.sum()).isEqualTo(2);
    storage.full(false);
    log.append(4, 30_000);
    assertThat(log.ids()).containsExactly(1L, 4L);
  }

  @Test
  void leavesNoFilesBehindWhenTheDiskStaysFull() {
    log.append(1, 30_000);
    storage.full(true);
    assertThat(log.failure(log.submit(2, 30_000))).isEqualTo(StoreException.Kind.NO_SPACE);
    int before = storage.paths().size();
    for (int id = 3; id < 50; id++) {
      assertThat(log.failure(log.submit(id, 30_000))).isEqualTo(StoreException.Kind.NO_SPACE);
    }
    assertThat(storage.paths()).hasSizeLessThanOrEqualTo(before);
  }

  @Test
  void usesSparesOnAFullDisk() {
    log.engine.retain(InlineLog.ID, new Retention(Duration.ofHours(1), 300_000));
    for (int id = 1; id <= 20; id++) {
      log.append(id, 30_000);
      log.sweep();
    }
    storage.full(true);
    for (int id = 21; id <= 60; id++) {
      log.append(id, 30_000);
      log.sweep();
    }
    assertThat(log.ids()).endsWith(60L);
  }

  @Test
  void makesRoomByRetentionOnAFullDisk() {
    log.engine.retain(InlineLog.ID, new Retention(Duration.ofHours(1), Long.MAX_VALUE));
    for (int id = 1; id <= 9; id++) {
      log.append(id, 30_000);
    }
    storage.full(true);
    assertThat(log.failure(log.submit(10, 90_000))).isEqualTo(StoreException.Kind.NO_SPACE);
    log.nowMillis += Duration.ofMinutes(61).toMillis();
    log.sweep();
    log.append(11, 30_000);
    assertThat(log.ids()).endsWith(11L).doesNotContain(1L);
  }

  @Test
  void givesUpASegmentAfterAFailedWriteAndGoesOnInAnother() throws IOException {
    log.append(1, 5000);
    storage.failAfter(0);
    CompletionStage<Appended> second = log.submit(2, 5000);
    assertThat(log.failure(second)).isEqualTo(StoreException.Kind.IO);
    log.append(3, 5000);
    assertThat(log.metrics.segmentsDead.sum()).isEqualTo(1);
    assertThat(log.ids()).containsExactly(1L, 3L);
    storage.crash();
    storage.restart();
    log.open();
    assertThat(log.ids()).as("what failed stays out").containsExactly(1L, 3L);
  }

  @Test
  void waitsWhereTheLogEndsAfterItsLastSegmentIsGivenUpEmpty() throws IOException {
    log.append(1, 90_000);
    storage.crashAfter(1);
    assertThat(log.failure(log.submit(2, 90_000))).isEqualTo(StoreException.Kind.IO);
    storage.restart();
    log.open();
    assertThat(log.reader.extents()).as("the new segment has nothing yet").hasSize(2);
    storage.failAfter(0);
    assertThat(log.failure(log.submit(3, 5000))).isEqualTo(StoreException.Kind.IO);
    assertThat(log.reader.extents()).as("it was given up").hasSize(1);
    Position from = log.reader.bounds().next();
    CompletionStage<Slice> waiting = log.reader.read(from, 1, 10_000, Duration.ofMinutes(1));
    CompletionStage<Void> changed = log.reader.changed(from, Duration.ofMinutes(1));
    assertThat(waiting.toCompletableFuture()).isNotDone();
    assertThat(changed.toCompletableFuture()).isNotDone();
    Position fourth = log.append(4, 5000);
    assertThat(log.done(waiting).records().getFirst().head().position()).isEqualTo(fourth);
    assertThat(changed.toCompletableFuture()).isCompleted();
  }

  @Test
  void cutsATornCommitThatNobodyWasPromised() throws IOException {
    log.append(1, 5000);
    storage.crashAfter(0);
    CompletionStage<Appended> second = log.submit(2, 50_000);
    assertThat(log.failure(second)).isEqualTo(StoreException.Kind.IO);
    storage.restart();
    log.open();
    assertThat(log.ids()).containsExactly(1L);
    log.append(3, 5000);
    assertThat(log.ids()).containsExactly(1L, 3L);
  }

  @Test
  void stopsAStreamWhoseSyncedBytesAreDamaged() throws IOException {
    long offset = RecordLayout.offset(log.append(1, 5000));
    log.append(2, 5000);
    storage.crash();
    storage.restart();
    storage.flip(segment(1), offset + 200);
    assertStopped("0000000001.seg is damaged at byte");
  }

  @Test
  void stopsAStreamWhoseBlockHeaderIsDamaged() throws IOException {
    long offset = RecordLayout.offset(log.append(1, 5000));
    log.append(2, 5000);
    storage.crash();
    storage.restart();
    storage.flip(segment(1), offset - RecordLayout.BLOCK_HEADER_BYTES + 9);
    assertStopped("0000000001.seg is damaged at byte");
  }

  @Test
  void stopsAStreamThatMissesASegment() throws IOException {
    for (int id = 1; id <= 9; id++) {
      log.append(id, 30_000);
    }
    storage.crash();
    storage.restart();
    storage.delete(segment(2));
    assertStopped("segment 2 is missing");
  }

  @Test
  void stopsAStreamWhoseHeaderIsDamaged() throws IOException {
    log.append(1, 5000);
    storage.crash();
    storage.restart();
    storage.flip(segment(1), 20);
    assertStopped("header does not match its checksum");
  }

  private static String segment(int sequence) {
    return Segment.path(
        LaneDirectory.of(InlineLog.ID.stream(), InlineLog.ID.createdMillis()), sequence);
  }

  private void assertStopped(String message) {
    assertThat(catchThrowable(log::open))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.IO))
        .hasMessageContaining("stream yard is stopped")
        .hasMessageContaining(message);
    assertThat(log.metrics.streamsStopped.sum()).isEqualTo(1);
  }

  @Test
  void failsOnlyTheReadOfADamagedRecordInAClosedSegment() throws IOException {
    long offset = RecordLayout.offset(log.append(1, 30_000));
    for (int id = 2; id <= 9; id++) {
      log.append(id, 30_000);
    }
    log.engine.close();
    storage.flip(segment(1), offset + 5000);
    log.open();
    List<Head> heads = log.heads();
    assertThat(heads).hasSize(9);
    assertThat(log.failure(log.reader.payload(heads.getFirst()))).isEqualTo(StoreException.Kind.IO);
    assertThat(log.done(log.reader.payload(heads.get(1))).remaining()).isEqualTo(30_000);
    assertThat(log.metrics.readsFailed.sum()).isEqualTo(1);
    log.append(10, 1000);
  }

  @Test
  void buildsALostSideIndexAnew() throws IOException {
    for (int id = 1; id <= 9; id++) {
      log.append(id, 30_000);
    }
    List<Head> before = log.heads();
    log.engine.close();
    for (String path : storage.paths()) {
      if (path.endsWith(".idx")) {
        storage.delete(path);
      }
    }
    log.open();
    assertThat(log.heads()).isEqualTo(before);
    assertThat(log.metrics.indexesRebuilt.sum()).isPositive();
    assertThat(log.metrics.streamsStopped.sum()).isZero();
  }
}
