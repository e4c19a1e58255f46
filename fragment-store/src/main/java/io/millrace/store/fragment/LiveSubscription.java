package io.millrace.store.fragment;

import java.util.concurrent.atomic.AtomicBoolean;

/** Wakes one reader of live fragments, at most once each time it asks. Thread-safe. */
public final class LiveSubscription implements AutoCloseable {
  private final LiveFragments source;
  private final Runnable wake;
  private final AtomicBoolean armed = new AtomicBoolean();

  LiveSubscription(LiveFragments source, Runnable wake) {
    this.source = source;
    this.wake = wake;
  }

  /** Asks to be woken by the next change. Arm first, look then, and wait if there was nothing. */
  public void arm() {
    armed.set(true);
  }

  void changed() {
    if (armed.get() && armed.compareAndSet(true, false)) {
      wake.run();
    }
  }

  @Override
  public void close() {
    armed.set(false);
    source.remove(this);
  }
}
