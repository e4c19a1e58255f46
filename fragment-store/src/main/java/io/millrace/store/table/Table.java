package io.millrace.store.table;

import io.millrace.store.StoreException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A durable, ordered map of names to small values, all of it in memory. Reads see durable values
 * only. Thread-safe. Stages fail with {@link StoreException}, or with what the caller threw.
 */
public interface Table {
  /**
   * What an update does; all of it or nothing becomes durable at once, and then visible before its
   * stage completes. Who looks at several names at that moment may see some of it.
   *
   * @param puts values to set by name; taken
   * @param removes names to remove, before the puts
   * @param result handed to the caller when the update is durable
   */
  record Update<R>(Map<String, byte[]> puts, Set<String> removes, R result) {
    public Update {
      puts = Map.copyOf(puts);
      removes = Set.copyOf(removes);
    }

    /** Changes nothing. */
    public static <R> Update<R> nothing(R result) {
      return new Update<>(Map.of(), Set.of(), result);
    }

    /** Sets one value. */
    public static <R> Update<R> put(String name, byte[] value, R result) {
      return new Update<>(Map.of(name, value), Set.of(), result);
    }

    /** Removes one value. */
    public static <R> Update<R> remove(String name, R result) {
      return new Update<>(Map.of(), Set.of(name), result);
    }
  }

  /** The value of a name; borrowed, must not be changed. */
  Optional<byte[]> get(String name);

  /** All values in name order: a live, unmodifiable view whose values are borrowed. */
  NavigableMap<String, byte[]> entries();

  /**
   * Decides on and does an update after all that were asked for before, and completes when it is
   * durable. What {@code decide} throws, the stage fails with.
   *
   * <p>Updates that wait for the same write become durable together, or all fail.
   *
   * @param decide sees the values as they are at its turn, with what updates before it did; called
   *     on the caller's thread or one of the store, must not block
   */
  <R> CompletionStage<R> update(Function<NavigableMap<String, byte[]>, Update<R>> decide);
}
