package io.millrace.store.segment;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Wakes readers that wait at the end of a lane. Thread-safe. */
final class ChangeSignal {
  private final Set<Waiter> waiting = ConcurrentHashMap.newKeySet();
  private final Executor completions;

  private static final class Waiter {
    private final CompletableFuture<Void> woken = new CompletableFuture<>();
  }

  ChangeSignal(Executor completions) {
    this.completions = completions;
  }

  /** Completes when a condition holds that is checked now and at each change, or after a time. */
  CompletableFuture<Void> await(BooleanSupplier reached, Duration wait) {
    if (reached.getAsBoolean() || !wait.isPositive()) {
      return CompletableFuture.completedFuture(null);
    }
    Waiter waiter = new Waiter();
    CompletableFuture<Void> future = waiter.woken;
    waiting.add(waiter);
    future = future.completeOnTimeout(null, wait.toMillis() + 1, TimeUnit.MILLISECONDS);
    CompletableFuture<Void> result =
        future.whenCompleteAsync((done, failure) -> waiting.remove(waiter), completions);
    if (reached.getAsBoolean()) {
      future.complete(null);
    }
    return result;
  }

  /** Wakes everybody; cheap when nobody waits. */
  void fire() {
    for (Waiter waiter : waiting) {
      waiter.woken.complete(null);
    }
  }

  int waiters() {
    return waiting.size();
  }
}
