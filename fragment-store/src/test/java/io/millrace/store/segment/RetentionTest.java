package io.millrace.store.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.store.StoreException;
import io.millrace.store.segment.file.Segment;
import io.millrace.store.segment.file.SegmentHeader;
import io.millrace.store.segment.storage.AlignedBuffers;
import io.millrace.store.shard.Head;
import io.millrace.store.shard.Position;
import io.millrace.store.shard.Retention;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Dropping by age, by bytes and by truncation. */
class RetentionTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private final SimulatedStorage storage = new SimulatedStorage(new SplittableRandom(1));
  private InlineLog log;

  @BeforeEach
  void open() throws IOException {
    log = new InlineLog(storage);
  }

  private void minutesPass(int minutes) {
    log.nowMillis += Duration.ofMinutes(minutes).toMillis();
  }

  @Test
  void dropsARecordOfAQuietStreamAfterItsAge() {
    log.engine.retain(InlineLog.ID, new Retention(HOUR, Long.MAX_VALUE));
    log.append(1, 1000);
    minutesPass(60);
    log.sweep();
    assertThat(log.ids()).as("exactly as old as retention").containsExactly(1L);
    minutesPass(1);
    log.sweep();
    assertThat(log.ids()).isEmpty();
    assertThat(log.heads()).isEmpty();
  }

  @Test
  void keepsTheHighestMarksOfWhatItDropped() throws IOException {
    log.engine.retain(InlineLog.ID, new Retention(HOUR, Long.MAX_VALUE));
    log.append(77, 1000);
    minutesPass(61);
    log.sweep();
    log.engine.close();
    log.open();
    assertThat(log.reader.highest().first()).isEqualTo(77);
    assertThat(log.ids()).isEmpty();
  }

  @Test
  void dropsWholeSegmentsOldestFirst() {
    log.engine.retain(InlineLog.ID, new Retention(HOUR, Long.MAX_VALUE));
    for (int id = 1; id <= 12; id++) {
      log.append(id, 30_000);
      minutesPass(10);
    }
    log.sweep();
    List<Long> kept = log.ids();
    assertThat(kept).isNotEmpty().isSorted().endsWith(12L).contains(7L).doesNotContain(1L);
    assertThat(log.metrics.segmentsDropped.sum()).isPositive();
  }

  @Test
  void takesAChangedRetentionAtTheNextSweep() {
    log.append(1, 1000);
    minutesPass(120);
    log.sweep();
    assertThat(log.ids()).containsExactly(1L);
    log.engine.retain(InlineLog.ID, new Retention(HOUR, Long.MAX_VALUE));
    assertThat(log.ids()).containsExactly(1L);
    log.sweep();
    assertThat(log.ids()).isEmpty();
  }

  @Test
  void dropsTheOldestBeyondANumberOfBytes() {
    log.engine.retain(InlineLog.ID, new Retention(HOUR, 300_000));
    for (int id = 1; id <= 40; id++) {
      log.append(id, 20_000);
      log.sweep();
    }
    assertThat(log.reader.diskBytes()).isLessThanOrEqualTo(300_000 + (64 << 10));
    assertThat(log.ids()).endsWith(40L).doesNotContain(1L).hasSizeGreaterThan(8);
  }

  @Test
  void reusesTheFilesOfDroppedSegments() {
    log.engine.retain(InlineLog.ID, new Retention(HOUR, 300_000));
    for (int id = 1; id <= 60; id++) {
      log.append(id, 30_000);
      log.sweep();
    }
    assertThat(log.metrics.segmentsRecycled.sum()).isGreaterThan(10);
    long bytes = storage.paths().stream().mapToLong(storage::bytes).sum();
    assertThat(bytes).isLessThan(1_500_000);
  }

  @Test
  void tellsAReaderThatARecordIsGone() {
    log.engine.retain(InlineLog.ID, new Retention(HOUR, Long.MAX_VALUE));
    log.append(1, 1000);
    Head head = log.heads().getFirst();
    minutesPass(61);
    log.sweep();
    assertThat(log.failure(log.reader.payload(head))).isEqualTo(StoreException.Kind.GONE);
  }

  @Test
  void keepsTheFileOfADroppedSegmentWhileItIsRead() throws IOException {
    Lanes lanes = new Lanes(log);
    log.append(1, 1000);
    Segment segment = lanes.oldest();
    assertThat(segment.acquire()).isTrue();
    log.engine.retain(InlineLog.ID, new Retention(HOUR, Long.MAX_VALUE));
    minutesPass(61);
    log.sweep();
    log.append(2, 1000);
    SegmentHeader header = lanes.header(segment);
    assertThat(header.epoch()).isEqualTo(segment.header().epoch());
    segment.release();
    assertThat(segment.acquire()).isFalse();
  }

  /** Looks at the segments beneath a log. */
  private record Lanes(InlineLog log) {
    Segment oldest() {
      return log.engine.lanes().getFirst().segments().getFirst();
    }

    SegmentHeader header(Segment segment) throws IOException {
      java.nio.ByteBuffer block =
          AlignedBuffers.allocate(SegmentHeader.BYTES).limit(SegmentHeader.BYTES);
      log.engine.parts().openFiles().use(segment, file -> file.read(block, 0));
      return SegmentHeader.decode(block.flip());
    }
  }

  @Test
  void truncatesBeforeAPosition() throws IOException {
    log.append(1, 30_000);
    log.append(2, 30_000);
    Position third = log.append(3, 30_000);
    log.done(log.engine.truncate(InlineLog.ID, third));
    assertThat(log.ids()).containsExactly(3L);
    assertThat(log.reader.bounds().first()).isEqualTo(third);
    storage.crash();
    storage.restart();
    log.open();
    assertThat(log.ids()).containsExactly(3L);
  }

  @Test
  void deletesEverything() {
    log.append(1, 30_000);
    log.done(log.engine.delete(InlineLog.ID));
    assertThat(storage.paths()).noneMatch(path -> path.startsWith("streams/yard"));
    assertThat(log.failure(log.submit(2, 10))).isEqualTo(StoreException.Kind.SEALED);
  }
}
