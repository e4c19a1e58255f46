package io.millrace.store.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.store.Stages;
import io.millrace.store.StoreException;
import io.millrace.store.StoreMetrics;
import io.millrace.store.segment.EngineSettings;
import io.millrace.store.segment.SegmentEngine;
import io.millrace.store.segment.storage.FileStorage;
import io.millrace.store.stream.StreamCatalog.NewStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The catalogue over restarts, versions and snapshots. */
class LogStreamCatalogTest {
  private static final CatalogSettings SETTINGS =
      new CatalogSettings(Duration.ofMinutes(5), 200_000_000, 10);

  private static SegmentEngine engine(Path directory) throws IOException {
    return SegmentEngine.open(
        FileStorage.open(directory, true),
        EngineSettings.DEFAULTS,
        new StoreMetrics(),
        () -> Instant.ofEpochMilli(1_700_000_000_000L),
        new SplittableRandom(1),
        Thread::new);
  }

  private static LogStreamCatalog catalog(SegmentEngine engine) {
    return LogStreamCatalog.open(
        engine, SETTINGS, () -> Instant.ofEpochMilli(1_700_000_000_000L), new SplittableRandom(2));
  }

  private static NewStream stream(String name) {
    return new NewStream(
        name,
        24,
        Optional.of("video/h264"),
        Optional.of("door"),
        Optional.empty(),
        "HOT",
        Map.of("a", "1", "b", ""));
  }

  @Test
  void isTheSameAfterARestart(@TempDir Path directory) throws IOException {
    StreamInfo kept;
    try (SegmentEngine engine = engine(directory)) {
      StreamCatalog catalog = catalog(engine);
      Stages.await(catalog.create(stream("one")));
      kept = Stages.await(catalog.update("one", null, info -> withRetention(info, 48)));
      Stages.await(catalog.create(stream("two")));
      Stages.await(catalog.delete("two", null));
    }
    try (SegmentEngine engine = engine(directory)) {
      StreamCatalog catalog = catalog(engine);
      assertThat(catalog.list("", null, 10)).containsExactly(kept);
      assertThat(kept.retentionHours()).isEqualTo(48);
      assertThat(kept.version()).matches("[A-Z0-9]{20}");
    }
  }

  private static StreamInfo withRetention(StreamInfo info, int hours) {
    return new StreamInfo(
        info.name(),
        0,
        "ignored",
        info.status(),
        hours,
        info.mediaType(),
        info.deviceName(),
        info.kmsKeyId(),
        info.storageTier(),
        info.tags());
  }

  @Test
  void snapshotsAndDropsWhatWasBefore(@TempDir Path directory) throws IOException {
    try (SegmentEngine engine = engine(directory)) {
      StreamCatalog catalog = catalog(engine);
      for (int i = 0; i < 25; i++) {
        Stages.await(catalog.create(stream("s" + i)));
      }
      Stages.await(catalog.delete("s7", null));
      assertThat(engine.reader(LogStreamCatalog.LOG).bounds().first().value()).isPositive();
    }
    try (SegmentEngine engine = engine(directory)) {
      assertThat(catalog(engine).list("", null, 100)).hasSize(24);
    }
  }

  @Test
  void checksNamesAndVersions(@TempDir Path directory) throws IOException {
    try (SegmentEngine engine = engine(directory)) {
      StreamCatalog catalog = catalog(engine);
      StreamInfo one = Stages.await(catalog.create(stream("one")));
      assertKind(() -> Stages.await(catalog.create(stream("one"))), StoreException.Kind.EXISTS);
      assertKind(
          () -> Stages.await(catalog.update("none", null, info -> info)),
          StoreException.Kind.NOT_FOUND);
      Stages.await(catalog.update("one", one.version(), info -> withRetention(info, 1)));
      assertKind(
          () -> Stages.await(catalog.update("one", one.version(), info -> info)),
          StoreException.Kind.VERSION_MISMATCH);
      assertKind(
          () -> Stages.await(catalog.delete("one", one.version())),
          StoreException.Kind.VERSION_MISMATCH);
      assertKind(() -> catalog.fragments("none"), StoreException.Kind.NOT_FOUND);
    }
  }

  private static void assertKind(Runnable action, StoreException.Kind kind) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  @Test
  void listsByPrefixAndPage(@TempDir Path directory) throws IOException {
    try (SegmentEngine engine = engine(directory)) {
      StreamCatalog catalog = catalog(engine);
      for (String name : new String[] {"b2", "a", "b1", "b3", "c"}) {
        Stages.await(catalog.create(stream(name)));
      }
      assertThat(catalog.list("b", null, 2))
          .extracting(StreamInfo::name)
          .containsExactly("b1", "b2");
      assertThat(catalog.list("b", "b2", 2)).extracting(StreamInfo::name).containsExactly("b3");
      assertThat(catalog.list("", "b3", 9)).extracting(StreamInfo::name).containsExactly("c");
    }
  }

  @FuzzTest(maxDuration = "30s")
  void readsAnyEvent(FuzzedDataProvider data) {
    int kind = data.consumeInt(0, 6);
    ByteBuffer payload = ByteBuffer.wrap(data.consumeRemainingAsBytes());
    try {
      CatalogEvent event = CatalogEvent.decode(kind, payload);
      assertThat(CatalogEvent.decode(kind, event.encode())).isEqualTo(event);
    } catch (IOException e) {
      assertThat(e).isNotNull();
    }
  }
}
