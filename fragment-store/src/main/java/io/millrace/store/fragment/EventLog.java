package io.millrace.store.fragment;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The events of one stream. Thread-safe. Stages complete on a store thread and fail with {@link
 * io.millrace.store.StoreException} only.
 */
public interface EventLog {
  /** Keeps an event; completes when it is durable. */
  CompletionStage<Void> append(StreamEvent event);

  /**
   * Durable events that touch a time range, by their start.
   *
   * @param fromNanos epoch ns, on the axis of producer times
   * @param toNanos epoch ns, included
   * @param limit at most this many, the earliest ones
   */
  CompletionStage<List<StreamEvent>> find(long fromNanos, long toNanos, int limit);
}
