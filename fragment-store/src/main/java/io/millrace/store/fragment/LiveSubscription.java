package io.millrace.store.fragment;

import io.millrace.store.StoreMetrics;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What waits for one subscriber. Thread-safe; close it when done. */
public final class LiveSubscription implements AutoCloseable {
  private final LiveFragments source;
  private final Runnable wake;
  private final LiveSettings settings;
  private final StoreMetrics metrics;
  private final ArrayDeque<LiveChunk> queue = new ArrayDeque<>();
  private final Set<FragmentNumber> lost = new HashSet<>();
  private long queuedBytes;
  private boolean awake;

  LiveSubscription(
      LiveFragments source, Runnable wake, LiveSettings settings, StoreMetrics metrics) {
    this.source = source;
    this.wake = wake;
    this.settings = settings;
    this.metrics = metrics;
  }

  /** The next chunk; null when none waits, and then {@code wake} runs when one comes. */
  public synchronized @Nullable LiveChunk poll() {
    LiveChunk chunk = queue.pollFirst();
    if (chunk == null) {
      awake = false;
      return null;
    }
    queuedBytes -= chunk.bytes().remaining();
    return chunk;
  }

  void offer(LiveChunk chunk) {
    synchronized (this) {
      if (lost.contains(chunk.number())) {
        if (chunk.kind() != LiveChunk.Kind.BYTES) {
          lost.remove(chunk.number());
        }
        return;
      }
      queue.addLast(chunk);
      queuedBytes += chunk.bytes().remaining();
      if (queuedBytes > settings.queueBytes()) {
        loseAll();
      }
      if (awake) {
        return;
      }
      awake = true;
    }
    wake.run();
  }

  /** The beginning of an open fragment is no longer there. */
  synchronized void miss(FragmentNumber number) {
    queue.addLast(LiveFragments.chunk(number, LiveChunk.Kind.LOST));
    lost.add(number);
  }

  /** Everything that waits goes; each fragment in it is reported once. */
  private void loseAll() {
    Set<FragmentNumber> numbers = new LinkedHashSet<>();
    Set<FragmentNumber> open = new HashSet<>();
    for (LiveChunk chunk : queue) {
      if (numbers.add(chunk.number())) {
        open.add(chunk.number());
      }
      if (chunk.kind() != LiveChunk.Kind.BYTES) {
        open.remove(chunk.number());
      }
    }
    metrics.liveChunksLost.add(queue.size());
    queue.clear();
    queuedBytes = 0;
    numbers.forEach(number -> queue.addLast(LiveFragments.chunk(number, LiveChunk.Kind.LOST)));
    lost.addAll(open);
  }

  @Override
  public void close() {
    source.remove(this);
  }
}
