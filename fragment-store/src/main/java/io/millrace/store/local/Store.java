package io.millrace.store.local;

import io.millrace.store.StoreException;
import io.millrace.store.StoreMetrics;
import io.millrace.store.segment.SegmentEngine;
import io.millrace.store.segment.storage.FileStorage;
import io.millrace.store.shard.LogEngine;
import io.millrace.store.stream.LogStreamCatalog;
import io.millrace.store.stream.StreamCatalog;
import io.millrace.store.table.LogTable;
import io.millrace.store.table.Table;
import io.millrace.store.table.TableSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/** Everything that is kept in one data directory. Thread-safe. */
public final class Store implements AutoCloseable {
  private final LogEngine engine;
  private final StreamCatalog catalog;
  private final StoreMetrics metrics;
  private final TableSettings tableSettings;
  private final InstantSource clock;
  private final Map<String, Table> tables = new HashMap<>();

  private Store(
      LogEngine engine,
      StreamCatalog catalog,
      StoreMetrics metrics,
      TableSettings tableSettings,
      InstantSource clock) {
    this.engine = engine;
    this.catalog = catalog;
    this.metrics = metrics;
    this.tableSettings = tableSettings;
    this.clock = clock;
  }

  /**
   * Opens a data directory, making it when needed, and recovers what a crash left. Waits for the
   * disk.
   *
   * @param clock server time
   * @param random numbers, epochs and version tokens; need not be secure
   * @param threads makes the platform threads that write and read files
   * @throws IOException if the directory cannot be used, or another process uses it
   * @throws StoreException if the catalogue is damaged
   */
  public static Store open(
      StoreSettings settings,
      Path dataDirectory,
      InstantSource clock,
      RandomGenerator random,
      ThreadFactory threads)
      throws IOException {
    long started = System.nanoTime();
    StoreMetrics metrics = new StoreMetrics();
    SegmentEngine engine =
        SegmentEngine.open(
            FileStorage.open(dataDirectory, settings.directIo()),
            settings.engine(),
            metrics,
            clock,
            random,
            threads);
    boolean opened = false;
    try {
      StreamCatalog catalog = LogStreamCatalog.open(engine, settings.catalog(), clock, random);
      metrics.openNanos.add(System.nanoTime() - started);
      opened = true;
      return new Store(engine, catalog, metrics, settings.tables(), clock);
    } finally {
      if (!opened) {
        engine.close();
      }
    }
  }

  /** The streams. */
  public StreamCatalog catalog() {
    return catalog;
  }

  /**
   * The table of a name, the same one for everybody who asks. Waits for the disk the first time:
   * ask when starting.
   *
   * @param name 1 to 200 characters
   * @throws StoreException if its log is damaged
   */
  public Table table(String name) {
    synchronized (tables) {
      return tables.computeIfAbsent(
          name, asked -> LogTable.open(engine, asked, tableSettings, clock));
    }
  }

  /** The logs beneath, for records that are not fragments. */
  public LogEngine logs() {
    return engine;
  }

  /** Counters. */
  public StoreMetrics metrics() {
    return metrics;
  }

  /** Applies retention; call it every few seconds. Fails with {@link StoreException} only. */
  public CompletionStage<Void> sweep() {
    return engine.sweep();
  }

  /** Waits until everything taken is durable, then closes. */
  @Override
  public void close() {
    engine.close();
  }
}
