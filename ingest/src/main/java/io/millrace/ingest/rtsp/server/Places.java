package io.millrace.ingest.rtsp.server;

import java.util.concurrent.atomic.AtomicInteger;

/** A number of places of which each is taken by one. Thread-safe. */
final class Places {
  private final int limit;
  private final AtomicInteger taken = new AtomicInteger();

  Places(int limit) {
    this.limit = limit;
  }

  /** Whether there was one. */
  boolean take() {
    if (taken.incrementAndGet() <= limit) {
      return true;
    }
    taken.decrementAndGet();
    return false;
  }

  void giveBack() {
    taken.decrementAndGet();
  }
}
