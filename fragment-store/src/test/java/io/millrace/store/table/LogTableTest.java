package io.millrace.store.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.store.Stages;
import io.millrace.store.StoreException;
import io.millrace.store.local.Store;
import io.millrace.store.local.StoreSettings;
import io.millrace.store.shard.Entry;
import io.millrace.store.table.Table.Update;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promises of a table, on real files. */
class LogTableTest {
  private static Store open(Path directory, TableSettings tables) throws IOException {
    StoreSettings defaults = StoreSettings.DEFAULTS;
    return Store.open(
        new StoreSettings(true, defaults.engine(), defaults.catalog(), tables),
        directory,
        () -> Instant.ofEpochMilli(1_700_000_000_000L),
        new SplittableRandom(1),
        Thread::new);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  /** What a stage fails with; waits for it. */
  private static Throwable failure(CompletionStage<?> stage) {
    return stage.handle((done, failure) -> failure).toCompletableFuture().join();
  }

  private static void put(Table table, String name, String value) {
    Stages.await(table.update(values -> Update.put(name, bytes(value), "done")));
  }

  @Test
  void isTheSameAfterARestart(@TempDir Path directory) throws IOException {
    try (Store store = open(directory, TableSettings.DEFAULTS)) {
      Table table = store.table("streams");
      assertThat(store.table("streams")).isSameAs(table);
      put(table, "b", "1");
      put(table, "a/é", "2");
      put(table, "gone", "3");
      Stages.await(table.update(values -> Update.remove("gone", values.size())));
      assertThat(table.entries().keySet()).containsExactly("a/é", "b");
      assertThat(store.table("other").entries()).isEmpty();
    }
    try (Store store = open(directory, TableSettings.DEFAULTS)) {
      Table table = store.table("streams");
      assertThat(table.entries().keySet()).containsExactly("a/é", "b");
      assertThat(table.get("a/é")).hasValueSatisfying(v -> assertThat(v).isEqualTo(bytes("2")));
      assertThat(table.get("gone")).isEmpty();
    }
  }

  @Test
  void snapshotsAndDropsWhatWasBefore(@TempDir Path directory) throws IOException {
    TableSettings settings = new TableSettings(1000, 10);
    try (Store store = open(directory, settings)) {
      Table table = store.table("t");
      for (int i = 0; i < 100; i++) {
        put(table, "name-" + i % 7, "value " + i);
      }
      assertThat(store.logs().reader(LogTable.log("t")).bounds().first().value()).isPositive();
    }
    try (Store store = open(directory, settings)) {
      assertThat(store.table("t").entries()).hasSize(7);
      assertThat(new String(store.table("t").get("name-1").orElseThrow(), "UTF-8"))
          .isEqualTo("value 99");
    }
  }

  @Test
  void updatesInOrderAndSeesThoseBefore(@TempDir Path directory) throws IOException {
    try (Store store = open(directory, TableSettings.DEFAULTS)) {
      Table table = store.table("t");
      List<CompletionStage<Integer>> counts = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        counts.add(
            table.update(
                values -> {
                  int next = values.isEmpty() ? 1 : values.firstEntry().getValue()[0] % 100 + 1;
                  return Update.put("count", new byte[] {(byte) next}, next);
                }));
      }
      for (int i = 0; i < counts.size(); i++) {
        assertThat(Stages.await(counts.get(i))).isEqualTo(i % 100 + 1);
      }
      assertThat(store.metrics().commits.sum()).isLessThan(250);
    }
  }

  @Test
  void failsWithWhatTheCallerThrewAndGoesOn(@TempDir Path directory) throws IOException {
    try (Store store = open(directory, TableSettings.DEFAULTS)) {
      Table table = store.table("t");
      IllegalStateException own = new IllegalStateException("no");
      var failed =
          table.update(
              values -> {
                throw own;
              });
      assertThat(failure(failed)).isSameAs(own);
      put(table, "a", "1");
      assertThat(table.entries()).hasSize(1);
      assertThatThrownBy(() -> table.entries().clear())
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Test
  void takesWhatFitsAndNoMore(@TempDir Path directory) throws IOException {
    try (Store store = open(directory, new TableSettings(100, 10))) {
      Table table = store.table("t");
      put(table, "a", "x".repeat(99));
      assertThatThrownBy(() -> put(table, "b", ""))
          .isInstanceOfSatisfying(
              StoreException.class,
              e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.TOO_LARGE));
      Stages.await(
          table
              .update(
                  values ->
                      new Update<>(Map.of("b", new byte[99], "c", new byte[0]), Set.of("a"), 0))
              .handle((done, failure) -> done));
      assertThat(table.entries().keySet()).containsExactly("a");
      Stages.await(table.update(values -> new Update<>(Map.of("b", new byte[99]), Set.of("a"), 0)));
      assertThat(table.entries().keySet()).containsExactly("b");
    }
  }

  @Test
  void takesTheLongestNameAndNoLonger(@TempDir Path directory) throws IOException {
    try (Store store = open(directory, TableSettings.DEFAULTS)) {
      Table table = store.table("t");
      put(table, "n".repeat(Entry.MAX_KEY), "1");
      assertThat(table.entries()).hasSize(1);
      for (String name : List.of("n".repeat(Entry.MAX_KEY + 1), "\ud800")) {
        var failed = table.update(values -> Update.put(name, bytes("1"), 0));
        assertThat(failure(failed)).isInstanceOf(IllegalArgumentException.class);
      }
      assertThat(table.entries()).hasSize(1);
    }
  }
}
