package io.millrace.store.fragment;

import io.millrace.store.StoreException;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The fragments of one stream. Thread-safe. Stages complete on a store thread: hand them to your
 * own context before doing work. They fail with {@link StoreException} only.
 */
public interface FragmentLog {
  /**
   * Takes the next number; called when the first byte of a fragment arrives, before it is durable.
   */
  FragmentNumber nextNumber();

  /**
   * Appends a complete fragment. Completes when its bytes are on stable storage and it is visible
   * to every reader; until then it is visible to none.
   */
  CompletionStage<FragmentEntry> append(NewFragment fragment);

  /**
   * Completes when {@link #append} has room again; at once when it has. An append without room
   * fails with {@link StoreException.Kind#BUSY}: pause the producer until this completes. Never
   * fails.
   */
  CompletionStage<Void> ready();

  /** Durable fragments that answer the query, in number order. */
  CompletionStage<List<FragmentEntry>> find(FragmentQuery query);

  /**
   * The fragment shown at an instant: the one with the latest start at or before it (for equal
   * producer times the larger number). Empty when every fragment starts later. The caller checks
   * against its duration whether the instant lies in a gap.
   */
  CompletionStage<Optional<FragmentEntry>> at(TimeAxis axis, long timeNanos);

  /** The entry with this number, empty when unknown or past retention. */
  CompletionStage<Optional<FragmentEntry>> get(FragmentNumber number);

  /** Newest durable fragments, at most {@code limit}, in number order. No disk access. */
  List<FragmentEntry> newest(int limit);

  /** Oldest durable fragment still kept. */
  CompletionStage<Optional<FragmentEntry>> oldest();

  /**
   * Long poll: the fragments that became durable after {@code number}, in number order; waits up to
   * {@code wait} for the first, then completes with an empty list. Null starts at the oldest.
   */
  CompletionStage<List<FragmentEntry>> after(
      @Nullable FragmentNumber number, int limit, Duration wait);

  /**
   * The payload. A read-only view that stays valid for as long as it is reachable; recent fragments
   * come from memory, older ones from disk.
   *
   * @return fails with {@link StoreException.Kind#GONE} if retention dropped it meanwhile
   */
  CompletionStage<ByteBuffer> read(FragmentEntry entry);

  /** The fragments that are not durable yet; one instance per log. */
  LiveFragments live();

  /** What befell the stream beside its fragments; one instance per log. */
  EventLog events();

  /** Figures for metrics and describe calls. */
  Stats stats();

  /**
   * What a stream holds now.
   *
   * @param fragments durable fragments in the index
   * @param payloadBytes their payload bytes, and the words of events
   * @param diskBytes bytes its files take on disk
   */
  record Stats(long fragments, long payloadBytes, long diskBytes) {}
}
