package io.millrace.store.segment;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Bytes that may wait in a queue. Thread-safe. */
final class QueueBudget {
  private final long limit;
  private final Executor completions;
  private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
  private long used;

  QueueBudget(long limit, Executor completions) {
    this.limit = limit;
    this.completions = completions;
  }

  /** Takes bytes if they fit, or if nothing else is queued. */
  synchronized boolean tryTake(long bytes) {
    if (used > 0 && used + bytes > limit) {
      return false;
    }
    used += bytes;
    return true;
  }

  void release(long bytes) {
    List<CompletableFuture<Void>> wake = List.of();
    synchronized (this) {
      used -= bytes;
      if (used <= limit / 2 && !waiting.isEmpty()) {
        wake = List.copyOf(waiting);
        waiting.clear();
      }
    }
    if (!wake.isEmpty()) {
      List<CompletableFuture<Void>> woken = wake;
      completions.execute(() -> woken.forEach(future -> future.complete(null)));
    }
  }

  /** Completes at once below half of the limit, later when it falls to half. */
  synchronized CompletableFuture<Void> ready() {
    if (used <= limit / 2) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> future = new CompletableFuture<>();
    waiting.add(future);
    return future;
  }
}
