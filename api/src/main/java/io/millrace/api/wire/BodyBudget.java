package io.millrace.api.wire;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that the bodies of all requests in flight may hold together. Thread-safe. */
final class BodyBudget {
  private final long limitBytes;
  private final AtomicLong taken = new AtomicLong();

  BodyBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Takes bytes if so many are left. */
  boolean take(int bytes) {
    if (taken.addAndGet(bytes) <= limitBytes) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }

  /** Bytes held now. */
  long takenBytes() {
    return taken.get();
  }
}
