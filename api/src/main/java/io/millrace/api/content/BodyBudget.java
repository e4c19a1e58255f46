package io.millrace.api.content;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that the bodies of all requests in flight may hold together. Thread-safe. */
public final class BodyBudget {
  private final long limitBytes;
  private final AtomicLong taken = new AtomicLong();

  public BodyBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Takes bytes if so many are left. */
  public boolean take(int bytes) {
    if (taken.addAndGet(bytes) <= limitBytes) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  /** Gives bytes back that were taken. */
  public void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }

  /** Bytes held now. */
  public long takenBytes() {
    return taken.get();
  }
}
