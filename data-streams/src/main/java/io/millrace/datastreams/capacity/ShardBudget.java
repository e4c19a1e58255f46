package io.millrace.datastreams.capacity;

/** What one shard may still take and give within its limits. Thread-safe. */
public final class ShardBudget {
  private final TokenBucket writeBytes;
  private final TokenBucket writeRecords;
  private final TokenBucket readBytes;
  private final TokenBucket readCalls;
  private final TokenBucket iteratorCalls;

  public ShardBudget(CapacitySettings settings, long nowNanos) {
    writeBytes = new TokenBucket(settings.writeBytes(), nowNanos);
    writeRecords = new TokenBucket(settings.writeRecords(), nowNanos);
    readBytes = new TokenBucket(settings.readBytes(), nowNanos);
    readCalls = new TokenBucket(settings.readCalls(), nowNanos);
    iteratorCalls = new TokenBucket(settings.iteratorCalls(), nowNanos);
  }

  /** Whether a record of so many bytes may come in. */
  public boolean write(long bytes, long nowNanos) {
    if (!writeRecords.tryTake(1, nowNanos)) {
      return false;
    }
    if (!writeBytes.tryTake(bytes, nowNanos)) {
      writeRecords.giveBack(1);
      return false;
    }
    return true;
  }

  /** Whether a GetRecords call may be answered. */
  public boolean read(long nowNanos) {
    if (readBytes.waitNanos(nowNanos) > 0) {
      return false;
    }
    return readCalls.tryTake(1, nowNanos);
  }

  /** A GetRecords call was answered with so many bytes; a large answer delays the next ones. */
  public void gave(long bytes, long nowNanos) {
    readBytes.take(bytes, nowNanos);
  }

  /** Whether a GetShardIterator call may be answered. */
  public boolean iterator(long nowNanos) {
    return iteratorCalls.tryTake(1, nowNanos);
  }
}
