package io.millrace.store.segment;

import io.millrace.store.shard.Position;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Readers that wait at the end of a shard. They cost nothing until a commit has records of the
 * shard, and nothing at commits of other shards. Thread-safe.
 */
final class ShardSignal {
  private static final long MAX_WAIT_MILLIS = TimeUnit.DAYS.toMillis(365);
  private final Executor completions;
  private Set<Waiter> waiting = Set.of();

  /** One who waits, by identity. */
  static final class Waiter {
    private final Position seen;
    private final CompletableFuture<Position> woken = new CompletableFuture<>();
    private final CompletableFuture<Void> timer = new CompletableFuture<>();

    private Waiter(Position seen) {
      this.seen = seen;
    }
  }

  /**
   * @param completions where those who wait are told
   */
  ShardSignal(Executor completions) {
    this.completions = completions;
  }

  /**
   * Completes when the shard changes, or after a time, with a position: the shard has no record
   * from {@code seen} up to there.
   *
   * @param changed whether there is no need to wait; looked at before each {@link #takeAll} that
   *     follows the change
   */
  CompletableFuture<Position> await(Position seen, BooleanSupplier changed, Duration wait) {
    if (!wait.isPositive()) {
      return CompletableFuture.completedFuture(seen);
    }
    Waiter waiter = new Waiter(seen);
    synchronized (this) {
      if (changed.getAsBoolean()) {
        return CompletableFuture.completedFuture(seen);
      }
      if (waiting.isEmpty()) {
        waiting = new HashSet<>();
      }
      waiting.add(waiter);
    }
    long millis =
        wait.compareTo(Duration.ofMillis(MAX_WAIT_MILLIS)) < 0
            ? wait.toMillis() + 1
            : MAX_WAIT_MILLIS;
    var unused =
        waiter
            .timer
            .completeOnTimeout(null, millis, TimeUnit.MILLISECONDS)
            .thenRunAsync(() -> expire(waiter), completions);
    return waiter.woken;
  }

  private void expire(Waiter waiter) {
    boolean waited;
    synchronized (this) {
      waited = waiting.remove(waiter);
    }
    if (waited) {
      waiter.woken.complete(waiter.seen);
    }
  }

  /** Those who wait, who from now on wait no more: hand them to {@link #wake}. */
  List<Waiter> takeAll() {
    synchronized (this) {
      if (waiting.isEmpty()) {
        return List.of();
      }
      List<Waiter> all = List.copyOf(waiting);
      waiting = Set.of();
      return all;
    }
  }

  /**
   * Tells them, on this thread.
   *
   * @param first no record of the shard came before it while they waited
   */
  static void wake(List<Waiter> waiters, Position first) {
    for (Waiter waiter : waiters) {
      waiter.timer.cancel(false);
      waiter.woken.complete(first.compareTo(waiter.seen) > 0 ? first : waiter.seen);
    }
  }

  synchronized int waiters() {
    return waiting.size();
  }
}
