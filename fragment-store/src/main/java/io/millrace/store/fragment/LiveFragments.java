package io.millrace.store.fragment;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The fragments of one stream that are not durable yet, for readers who cannot wait until they are.
 * Holds no bytes of its own, and costs next to nothing while nobody follows it. Thread-safe.
 */
public final class LiveFragments {
  private final ConcurrentSkipListMap<FragmentNumber, LiveFragment> fragments =
      new ConcurrentSkipListMap<>();
  private final List<LiveSubscription> subscriptions = new CopyOnWriteArrayList<>();

  /**
   * Begins a fragment, which must end by {@link LiveFragment#abort} or {@link #settled}.
   *
   * @param numbers gives its number; asked under a lock, so that fragments appear in number order
   * @param producerTimeNanos as in {@link FragmentEntry}
   */
  public LiveFragment open(Supplier<FragmentNumber> numbers, long producerTimeNanos) {
    LiveFragment fragment;
    synchronized (this) {
      fragment = new LiveFragment(this, numbers.get(), producerTimeNanos);
      fragments.put(fragment.number(), fragment);
    }
    changed();
    return fragment;
  }

  /**
   * The first fragment behind a number that is not durable yet, null when there is none. To miss
   * none, take this first and look into the log after: what is in neither never comes.
   *
   * @param number null for the first of all
   */
  public @Nullable LiveFragment next(@Nullable FragmentNumber number) {
    var entry = number == null ? fragments.firstEntry() : fragments.higherEntry(number);
    return entry == null ? null : entry.getValue();
  }

  /**
   * Follows every change of every fragment.
   *
   * @param wake runs on the writer's thread, so it must only hand over
   */
  public LiveSubscription subscribe(Runnable wake) {
    LiveSubscription subscription = new LiveSubscription(this, wake);
    subscriptions.add(subscription);
    return subscription;
  }

  /** The log has a fragment, or failed to take it: from now on it is read there, or never. */
  public void settled(FragmentNumber number) {
    fragments.remove(number);
    changed();
  }

  void changed() {
    for (LiveSubscription subscription : subscriptions) {
      subscription.changed();
    }
  }

  void remove(LiveSubscription subscription) {
    subscriptions.remove(subscription);
  }
}
