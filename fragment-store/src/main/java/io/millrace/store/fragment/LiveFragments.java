package io.millrace.store.fragment;

import io.millrace.store.StoreException;
import io.millrace.store.StoreMetrics;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The bytes of fragments while they are received, for viewers who cannot wait until a fragment is
 * whole. Nothing here is durable, and a slow subscriber loses chunks instead of holding memory.
 * Thread-safe.
 */
public final class LiveFragments {
  private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0).asReadOnlyBuffer();
  private final LiveSettings settings;
  private final StoreMetrics metrics;
  private final Map<FragmentNumber, Open> open = new LinkedHashMap<>();
  private List<LiveSubscription> subscriptions = List.of();

  private static final class Open {
    private final List<LiveChunk> chunks = new ArrayList<>();
    private long bytes;
  }

  /** Live bytes of one stream. */
  public LiveFragments(LiveSettings settings, StoreMetrics metrics) {
    this.settings = settings;
    this.metrics = metrics;
  }

  static LiveChunk chunk(FragmentNumber number, LiveChunk.Kind kind) {
    return new LiveChunk(number, kind, NO_BYTES);
  }

  /**
   * Shows more bytes of an open fragment to every subscriber; each fragment that was shown must be
   * ended. Does not wait.
   *
   * @param bytes from position to limit; <em>taken</em>: they must not change afterwards
   */
  public synchronized void publish(FragmentNumber number, ByteBuffer bytes) {
    LiveChunk chunk = new LiveChunk(number, LiveChunk.Kind.BYTES, bytes.asReadOnlyBuffer());
    Open fragment = open.computeIfAbsent(number, first -> new Open());
    fragment.bytes += bytes.remaining();
    if (fragment.bytes <= settings.replayBytes()) {
      fragment.chunks.add(chunk);
    } else {
      fragment.chunks.clear();
    }
    subscriptions.forEach(subscription -> subscription.offer(chunk));
  }

  /**
   * Says that nothing more of a fragment comes.
   *
   * @param complete whether it is whole and will be appended
   */
  public synchronized void end(FragmentNumber number, boolean complete) {
    open.remove(number);
    LiveChunk chunk = chunk(number, complete ? LiveChunk.Kind.COMPLETE : LiveChunk.Kind.ABANDONED);
    subscriptions.forEach(subscription -> subscription.offer(chunk));
  }

  /**
   * Subscribes from the beginning of the fragments that are open now.
   *
   * @param wake runs when a chunk waits and the last {@link LiveSubscription#poll} found none; on
   *     the publisher's thread, so it must only hand over
   * @throws StoreException BUSY when the stream has as many subscribers as it takes
   */
  public synchronized LiveSubscription subscribe(Runnable wake) {
    if (subscriptions.size() >= settings.subscribers()) {
      throw new StoreException(
          StoreException.Kind.BUSY,
          "the stream has %d live readers".formatted(subscriptions.size()));
    }
    LiveSubscription subscription = new LiveSubscription(this, wake, settings, metrics);
    open.forEach(
        (number, fragment) -> {
          if (fragment.bytes <= settings.replayBytes()) {
            fragment.chunks.forEach(subscription::offer);
          } else {
            subscription.miss(number);
          }
        });
    List<LiveSubscription> longer = new ArrayList<>(subscriptions);
    longer.add(subscription);
    subscriptions = List.copyOf(longer);
    return subscription;
  }

  synchronized void remove(LiveSubscription subscription) {
    List<LiveSubscription> shorter = new ArrayList<>(subscriptions);
    shorter.remove(subscription);
    subscriptions = List.copyOf(shorter);
  }
}
