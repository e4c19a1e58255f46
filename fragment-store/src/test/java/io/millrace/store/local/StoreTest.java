package io.millrace.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.store.Stages;
import io.millrace.store.StoreException;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.FragmentQuery;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;
import io.millrace.store.fragment.NewFragment;
import io.millrace.store.stream.StreamCatalog.NewStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store on real files, through its public door. */
class StoreTest {
  private static final long SECOND = 1_000_000_000L;
  private final AtomicLong now = new AtomicLong(1_700_000_000_000L);
  private final InstantSource clock = () -> java.time.Instant.ofEpochMilli(now.get());

  private Store open(Path directory) throws IOException {
    return Store.open(
        StoreSettings.DEFAULTS, directory, clock, new SplittableRandom(7), Thread::new);
  }

  private static NewStream camera(String name, int retentionHours) {
    return new NewStream(
        name,
        retentionHours,
        Optional.of("video/h264"),
        Optional.empty(),
        Optional.empty(),
        "HOT",
        Map.of("site", "north"));
  }

  private CompletionStage<FragmentEntry> append(FragmentLog log, long producerNanos, int size) {
    byte[] bytes = payload(producerNanos, size);
    return log.append(
        new NewFragment(
            log.nextNumber(), producerNanos, 2 * SECOND, 11, 5, ByteBuffer.wrap(bytes)));
  }

  private static byte[] payload(long seed, int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  @Test
  void keepsFragmentsOverARestart(@TempDir Path directory) throws IOException {
    List<FragmentEntry> written = new ArrayList<>();
    try (Store store = open(directory)) {
      Stages.await(store.catalog().create(camera("front-door", 24)));
      FragmentLog log = store.catalog().fragments("front-door");
      for (int i = 0; i < 40; i++) {
        now.addAndGet(2000);
        written.add(Stages.await(append(log, i * 2 * SECOND, 300_000 + i)));
      }
      assertThat(log.newest(3)).isEqualTo(written.subList(37, 40));
      assertThat(bytes(Stages.await(log.read(written.get(39)))))
          .isEqualTo(payload(39 * 2 * SECOND, 300_039));
    }
    try (Store store = open(directory)) {
      FragmentLog log = store.catalog().fragments("front-door");
      assertThat(log.stats().fragments()).isEqualTo(40);
      assertThat(Stages.await(log.find(all(100)))).isEqualTo(written);
      for (int i = 0; i < 40; i++) {
        assertThat(bytes(Stages.await(log.read(written.get(i)))))
            .isEqualTo(payload(i * 2 * SECOND, 300_000 + i));
      }
      assertThat(log.nextNumber().counter()).isEqualTo(41);
      assertThat(Stages.await(log.oldest())).contains(written.getFirst());
      assertThat(Stages.await(log.get(written.get(9).number()))).contains(written.get(9));
    }
  }

  private static FragmentQuery all(int limit) {
    return new FragmentQuery(TimeAxis.PRODUCER, Long.MIN_VALUE, Long.MAX_VALUE, null, limit);
  }

  @Test
  void findsByEitherClock(@TempDir Path directory) throws IOException {
    try (Store store = open(directory)) {
      Stages.await(store.catalog().create(camera("yard", 24)));
      FragmentLog log = store.catalog().fragments("yard");
      FragmentEntry late = Stages.await(append(log, 100 * SECOND, 1000));
      now.addAndGet(60_000);
      FragmentEntry early = Stages.await(append(log, 50 * SECOND, 1000));
      FragmentEntry again = Stages.await(append(log, 50 * SECOND, 2000));

      assertThat(
              Stages.await(
                  log.find(new FragmentQuery(TimeAxis.PRODUCER, 0, 60 * SECOND, null, 10))))
          .containsExactly(early, again);
      assertThat(Stages.await(log.at(TimeAxis.PRODUCER, 51 * SECOND))).contains(again);
      assertThat(Stages.await(log.at(TimeAxis.PRODUCER, 49 * SECOND))).isEmpty();
      assertThat(Stages.await(log.at(TimeAxis.SERVER, (now.get() - 1) * 1_000_000))).contains(late);
      assertThat(
              Stages.await(
                  log.find(
                      new FragmentQuery(TimeAxis.SERVER, 0, Long.MAX_VALUE, late.number(), 1))))
          .containsExactly(early);
    }
  }

  @Test
  void wakesAReaderAtTheEnd(@TempDir Path directory) throws IOException {
    try (Store store = open(directory)) {
      Stages.await(store.catalog().create(camera("gate", 0)));
      FragmentLog log = store.catalog().fragments("gate");
      CompletableFuture<List<FragmentEntry>> waiting =
          log.after(null, 10, Duration.ofSeconds(30)).toCompletableFuture();
      assertThat(waiting).isNotDone();
      FragmentEntry first = Stages.await(append(log, SECOND, 5000));
      assertThat(waiting.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join())
          .containsExactly(first);
      assertThat(Stages.await(log.after(first.number(), 10, Duration.ofMillis(5)))).isEmpty();
    }
  }

  @Test
  void deletesAStreamAndItsData(@TempDir Path directory) throws IOException {
    try (Store store = open(directory)) {
      Stages.await(store.catalog().create(camera("old", 24)));
      FragmentLog log = store.catalog().fragments("old");
      FragmentEntry entry = Stages.await(append(log, SECOND, 5000));
      Stages.await(store.catalog().delete("old", null));
      assertThatThrownBy(() -> Stages.await(log.read(entry)))
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.GONE));
      assertThatThrownBy(() -> Stages.await(append(log, SECOND, 10)))
          .isInstanceOfSatisfying(
              StoreException.class,
              e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.SEALED));
      now.addAndGet(1000);
      Stages.await(store.catalog().create(camera("old", 24)));
      assertThat(store.catalog().fragments("old").newest(5)).isEmpty();
    }
    try (Store store = open(directory)) {
      assertThat(store.catalog().list("", null, 10)).hasSize(1);
      assertThat(directory.resolve("streams").toFile().list())
          .containsExactly("millrace.catalog-0");
    }
  }
}
