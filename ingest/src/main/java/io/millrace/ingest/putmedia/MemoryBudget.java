package io.millrace.ingest.putmedia;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that all producers together hold in memory. Thread-safe. */
final class MemoryBudget {
  private final long limitBytes;
  private final AtomicLong usedBytes = new AtomicLong();

  MemoryBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Accounts for a change and says whether the budget still holds. */
  boolean change(long bytes) {
    return usedBytes.addAndGet(bytes) <= limitBytes || bytes <= 0;
  }

  long usedBytes() {
    return usedBytes.get();
  }
}
