package io.millrace.ingest.producer;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that all producers together hold in memory. Thread-safe. */
public final class MemoryBudget {
  private final long limitBytes;
  private final AtomicLong usedBytes = new AtomicLong();

  /**
   * @param limitBytes most bytes at one time
   */
  public MemoryBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Accounts for a change and says whether the budget still holds. */
  public boolean change(long bytes) {
    return usedBytes.addAndGet(bytes) <= limitBytes || bytes <= 0;
  }

  /** Bytes accounted for now. */
  public long usedBytes() {
    return usedBytes.get();
  }
}
