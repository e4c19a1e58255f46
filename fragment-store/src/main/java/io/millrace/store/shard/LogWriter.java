package io.millrace.store.shard;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** The one writer of a log. Thread-safe; batches are ordered as they were handed in. */
public interface LogWriter {
  /**
   * Appends a batch, all or none. Completes when it is on stable storage and readable. Fails with
   * FENCED, SEALED, TOO_LARGE, BUSY (more is queued than the engine takes: wait for {@link
   * #ready}), NO_SPACE, IO or CLOSED. After NO_SPACE, IO and CLOSED the batch is not readable, but
   * may be after a crash of the process.
   */
  CompletionStage<Appended> append(List<Entry> entries);

  /** Completes when an append has room again; at once when it has. Never fails. */
  CompletionStage<Void> ready();

  /** Closes the log for good; what it holds stays readable. */
  CompletionStage<Void> seal();
}
