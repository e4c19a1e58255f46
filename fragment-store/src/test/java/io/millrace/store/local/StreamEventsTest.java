package io.millrace.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.store.Stages;
import io.millrace.store.StoreException;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.NewFragment;
import io.millrace.store.fragment.StreamEvent;
import io.millrace.store.stream.StreamCatalog.NewStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events beside the fragments of a stream, on real files. */
class StreamEventsTest {
  private static final long SECOND = 1_000_000_000L;
  private final InstantSource clock = () -> Instant.ofEpochMilli(1_700_000_000_000L);

  private Store open(Path directory) throws IOException {
    return Store.open(
        StoreSettings.DEFAULTS, directory, clock, new SplittableRandom(7), Thread::new);
  }

  private static void create(Store store, String name) {
    Stages.await(
        store
            .catalog()
            .create(
                new NewStream(
                    name,
                    24,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    "HOT",
                    Map.of())));
  }

  private static FragmentEntry append(FragmentLog log, long second) {
    return Stages.await(
        log.append(
            new NewFragment(
                log.nextNumber(), second * SECOND, SECOND, 1, 0, ByteBuffer.allocate(1000))));
  }

  private static StreamEvent event(int kind, long from, long to, String detail) {
    return new StreamEvent(kind, from * SECOND, to * SECOND, 1_700_000_000_000L, 3, detail);
  }

  @Test
  void eventsAreFoundByWhatTheyTouchAlsoAfterARestart(@TempDir Path directory) throws IOException {
    StreamEvent outage = event(2, 20, 50, "the camera did not answer: 10.0.0.7 ü");
    StreamEvent loss = event(3, 60, 61, "");
    StreamEvent moment = event(7, 61, 61, "clock set back by 2 h");
    FragmentEntry first;
    FragmentEntry last;
    try (Store store = open(directory)) {
      create(store, "yard");
      FragmentLog log = store.catalog().fragments("yard");
      first = append(log, 10);
      Stages.await(log.events().append(loss));
      last = append(log, 60);
      Stages.await(log.events().append(outage));
      Stages.await(log.events().append(moment));
      // Events stand behind the newest fragment, and it is still the newest.
      assertThat(log.newest(1)).containsExactly(last);
      assertThat(log.newest(9)).containsExactly(first, last);
      assertThat(log.stats().fragments()).isEqualTo(2);
      assertThat(Stages.await(log.after(first.number(), 9, Duration.ZERO))).containsExactly(last);
    }
    try (Store store = open(directory)) {
      FragmentLog log = store.catalog().fragments("yard");
      assertThat(Stages.await(log.events().find(0, 100 * SECOND, 10)))
          .containsExactly(outage, loss, moment);
      assertThat(Stages.await(log.events().find(30 * SECOND, 40 * SECOND, 10)))
          .containsExactly(outage);
      assertThat(Stages.await(log.events().find(50 * SECOND, 60 * SECOND, 10)))
          .containsExactly(outage, loss);
      assertThat(Stages.await(log.events().find(0, 100 * SECOND, 1))).containsExactly(outage);
      assertThat(Stages.await(log.events().find(0, 20 * SECOND - 1, 10))).isEmpty();
      assertThat(Stages.await(log.events().find(62 * SECOND, 100 * SECOND, 10))).isEmpty();
      assertThat(log.newest(2)).containsExactly(first, last);
      assertThat(log.nextNumber().counter()).isEqualTo(3);
      Stages.await(log.events().append(event(1, 70, 80, "after the restart")));
      assertThat(Stages.await(log.events().find(70 * SECOND, 100 * SECOND, 10))).hasSize(1);
      assertThat(log.stats().fragments()).isEqualTo(2);
    }
  }

  @Test
  void eventsGoWithTheirStream(@TempDir Path directory) throws IOException {
    try (Store store = open(directory)) {
      create(store, "yard");
      FragmentLog log = store.catalog().fragments("yard");
      Stages.await(log.events().append(event(1, 1, 2, "")));
      Stages.await(store.catalog().delete("yard", null));
      assertThatThrownBy(() -> Stages.await(log.events().append(event(1, 3, 4, ""))))
          .isInstanceOfSatisfying(
              StoreException.class,
              e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.SEALED));
    }
  }

  @Test
  void aDetailHasALimit() {
    assertThat(event(1, 1, 1, "x".repeat(StreamEvent.MAX_DETAIL)).detail()).hasSize(1000);
    assertThatThrownBy(() -> event(1, 1, 1, "x".repeat(StreamEvent.MAX_DETAIL + 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1001");
    assertThatThrownBy(() -> event(1, 2, 1, "")).isInstanceOf(IllegalArgumentException.class);
  }
}
