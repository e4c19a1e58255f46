package io.millrace.store.segment;

import io.millrace.store.StoreException;
import io.millrace.store.StoreMetrics;
import io.millrace.store.segment.file.IndexCache;
import io.millrace.store.segment.file.OpenFiles;
import io.millrace.store.segment.file.SparePool;
import io.millrace.store.segment.memory.HistoryCache;
import io.millrace.store.segment.memory.TailRing;
import io.millrace.store.segment.storage.AlignedBuffers;
import io.millrace.store.segment.storage.NoSpaceException;
import io.millrace.store.segment.storage.Storage;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What all lanes of an engine share.
 *
 * @param storage the files
 * @param settings limits
 * @param clock server time
 * @param random epochs; used under its own lock
 * @param metrics counters
 * @param spares files to reuse
 * @param openFiles open files
 * @param ring newest blocks
 * @param history windows of history
 * @param indexes entries of closed segments
 * @param readBuffers windows for reads
 * @param readers runs file reads and side files
 * @param completions completes what callers wait for, in order
 */
record EngineParts(
    Storage storage,
    EngineSettings settings,
    InstantSource clock,
    RandomGenerator random,
    StoreMetrics metrics,
    SparePool spares,
    OpenFiles openFiles,
    TailRing ring,
    HistoryCache history,
    IndexCache indexes,
    AlignedBuffers readBuffers,
    Executor readers,
    Executor completions) {

  long newEpoch() {
    synchronized (random) {
      return random.nextLong();
    }
  }

  /** What a caller is told of a failure of the file system. */
  static StoreException failure(String doing, IOException e) {
    StoreException.Kind kind =
        e instanceof NoSpaceException ? StoreException.Kind.NO_SPACE : StoreException.Kind.IO;
    return new StoreException(kind, doing + ": " + e.getMessage(), e);
  }
}
