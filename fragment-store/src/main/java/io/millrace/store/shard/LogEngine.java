package io.millrace.store.shard;

import io.millrace.store.StoreException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Keeps shard logs. Thread-safe. Every stage fails with {@link StoreException} only and completes
 * on a thread of the engine: hand it to your own context before doing work.
 */
public interface LogEngine extends AutoCloseable {
  /** Makes a log; does nothing when it is there. */
  CompletionStage<Void> create(LogId id);

  /**
   * Becomes the only writer of a log. A former writer's appends fail with FENCED from now on; those
   * it was promised are before everything the new one writes.
   */
  CompletionStage<LogWriter> claim(LogId id);

  /** A reader of a log; cheap, no resources to close. */
  LogReader reader(LogId id);

  /** Drops what stands before a position; space comes back in whole extents. */
  CompletionStage<Void> truncate(LogId id, Position before);

  /** Sets how long the stream of this log keeps its records; takes effect at the next sweep. */
  void retain(LogId id, Retention retention);

  /**
   * Drops what retention no longer keeps and closes extents that are old enough. Call it every few
   * seconds; completes when done.
   */
  CompletionStage<Void> sweep();

  /** Deletes the stream of this log with all its shards; its writers and readers see SEALED. */
  CompletionStage<Void> delete(LogId id);

  /** Name of the node whose writer holds the log; empty when nobody claimed it. */
  Optional<String> owner(LogId id);

  /** Waits until what was taken is durable, then stops. Later calls fail with CLOSED. */
  @Override
  void close();
}
