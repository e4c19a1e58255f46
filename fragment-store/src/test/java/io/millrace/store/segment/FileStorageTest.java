package io.millrace.store.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.store.Stages;
import io.millrace.store.StoreMetrics;
import io.millrace.store.segment.storage.FileStorage;
import io.millrace.store.shard.Appended;
import io.millrace.store.shard.LogReader;
import io.millrace.store.shard.LogWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real files, past the page cache and through it. */
class FileStorageTest {
  private static SegmentEngine open(Path directory, boolean direct) throws IOException {
    return SegmentEngine.open(
        FileStorage.open(directory, direct),
        EngineSettings.DEFAULTS,
        new StoreMetrics(),
        () -> Instant.ofEpochMilli(1_700_000_000_000L),
        new SplittableRandom(System.nanoTime()),
        Thread::new);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keepsTheSameBytesEitherWay(boolean direct, @TempDir Path directory) throws IOException {
    int records = 60;
    try (SegmentEngine engine = open(directory, direct)) {
      LogWriter writer = Stages.await(engine.claim(InlineLog.ID));
      List<CompletionStage<Appended>> receipts = new ArrayList<>();
      for (int id = 0; id < records; id++) {
        receipts.add(writer.append(List.of(InlineLog.entry(id, 5, 1 + id * 6007))));
      }
      receipts.forEach(Stages::await);
    }
    // The other way round: what one mode wrote the other reads.
    try (SegmentEngine engine = open(directory, !direct)) {
      Stages.await(engine.create(InlineLog.ID));
      LogReader reader = engine.reader(InlineLog.ID);
      int id = 0;
      for (var extent : reader.extents()) {
        for (var head : Stages.await(reader.heads(extent))) {
          ByteBuffer expected =
              InlineLog.entry(head.marks().first(), 5, 1 + (int) head.marks().first() * 6007)
                  .payload()
                  .getFirst();
          assertThat(Stages.await(reader.payload(head))).isEqualTo(expected);
          id++;
        }
      }
      assertThat(id).isEqualTo(records);
    }
  }

  @Test
  void worksOnAFileSystemInMemory() throws IOException {
    Path memory = Path.of("/dev/shm");
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.isWritable(memory));
    Path directory = Files.createTempDirectory(memory, "store");
    try (SegmentEngine engine = open(directory, true)) {
      LogWriter writer = Stages.await(engine.claim(InlineLog.ID));
      Stages.await(writer.append(List.of(InlineLog.entry(1, 5, 100_000))));
      assertThat(engine.reader(InlineLog.ID).newestHeads(1)).hasSize(1);
    } finally {
      try (var files = Files.walk(directory)) {
        for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  @Test
  void letsOneServerInOnly(@TempDir Path directory) throws IOException {
    try (FileStorage first = FileStorage.open(directory, true)) {
      assertThat(first.list("streams")).isEmpty();
      assertThatThrownBy(() -> FileStorage.open(directory, true))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("in use by another server");
    }
    FileStorage.open(directory, true).close();
  }

  @Test
  void replacesSideFilesInOneStep(@TempDir Path directory) throws IOException {
    try (FileStorage storage = FileStorage.open(directory, true)) {
      storage.createDirectory("a/b");
      storage.writeSide("a/b/x", new byte[] {1, 2, 3});
      storage.writeSide("a/b/x", new byte[] {4, 5});
      assertThat(storage.list("a/b")).containsExactly("x");
      assertThat(storage.readSide("a/b/x", 1, 10)).containsExactly(5);
      assertThat(storage.readSide("a/b/x", 7, 10)).isEmpty();
    }
  }
}
