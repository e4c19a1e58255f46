package io.millrace.store.segment;

import io.millrace.store.Stages;
import io.millrace.store.StoreException;
import io.millrace.store.StoreMetrics;
import io.millrace.store.segment.file.IndexCache;
import io.millrace.store.segment.file.OpenFiles;
import io.millrace.store.segment.file.SparePool;
import io.millrace.store.segment.memory.HistoryCache;
import io.millrace.store.segment.memory.TailRing;
import io.millrace.store.segment.storage.AlignedBuffers;
import io.millrace.store.segment.storage.Storage;
import io.millrace.store.shard.LogEngine;
import io.millrace.store.shard.LogId;
import io.millrace.store.shard.LogReader;
import io.millrace.store.shard.LogWriter;
import io.millrace.store.shard.Position;
import io.millrace.store.shard.Retention;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Shard logs in files of this machine. */
public final class SegmentEngine implements LogEngine {
  private static final int READ_BUFFER_BYTES = (1 << 20) + 2 * Storage.ALIGNMENT;
  private static final int STOP_SECONDS = 60;

  private final EngineParts parts;
  private final List<WriterLoop> writers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final List<ThreadPoolExecutor> pools = new ArrayList<>();
  private final Map<StreamId, CompletableFuture<Lane>> lanes = new ConcurrentHashMap<>();
  private final AtomicInteger nextWriter = new AtomicInteger();
  private volatile boolean closed;

  private record StreamId(String name, long createdMillis) {}

  private SegmentEngine(
      Storage storage,
      EngineSettings settings,
      StoreMetrics metrics,
      InstantSource clock,
      RandomGenerator random,
      @Nullable ThreadFactory factory) {
    Executor readers =
        factory == null
            ? Runnable::run
            : pool(settings.readerThreads(), settings.readQueue(), factory);
    Executor completions = factory == null ? Runnable::run : pool(1, Integer.MAX_VALUE, factory);
    OpenFiles openFiles = new OpenFiles(storage, settings.openFiles());
    AlignedBuffers readBuffers = new AlignedBuffers(READ_BUFFER_BYTES, settings.readerThreads());
    parts =
        new EngineParts(
            storage,
            settings,
            clock,
            random,
            metrics,
            new SparePool(
                storage,
                settings.spareBytes(),
                settings.minSegmentBytes() / 2,
                settings.diskReserveBytes()),
            openFiles,
            new TailRing(settings.ringBytes()),
            new HistoryCache(settings.historyCacheBytes(), openFiles, readBuffers, metrics),
            new IndexCache(settings.indexCacheEntries()),
            readBuffers,
            readers,
            completions);
    for (int i = 0; i < settings.writerThreads(); i++) {
      writers.add(
          new WriterLoop(
              new QueueBudget(settings.mailboxBytes(), completions),
              settings.roundBytes() + 2 * Storage.ALIGNMENT));
    }
  }

  /**
   * Opens the engine on a storage, which it takes and closes.
   *
   * @param clock server time
   * @param random makes epochs; need not be secure
   * @param threads makes the platform threads it runs on
   * @throws IOException if the storage cannot be used
   */
  public static SegmentEngine open(
      Storage storage,
      EngineSettings settings,
      StoreMetrics metrics,
      InstantSource clock,
      RandomGenerator random,
      ThreadFactory threads)
      throws IOException {
    SegmentEngine engine = new SegmentEngine(storage, settings, metrics, clock, random, threads);
    engine.prepare();
    for (WriterLoop writer : engine.writers) {
      Thread thread = threads.newThread(writer);
      engine.threads.add(thread);
      thread.start();
    }
    return engine;
  }

  /** An engine without threads: reads happen in the caller, writes in {@link #step}. */
  static SegmentEngine inline(
      Storage storage,
      EngineSettings settings,
      StoreMetrics metrics,
      InstantSource clock,
      RandomGenerator random)
      throws IOException {
    SegmentEngine engine = new SegmentEngine(storage, settings, metrics, clock, random, null);
    engine.prepare();
    return engine;
  }

  private void prepare() throws IOException {
    parts.spares().open();
    parts.storage().createDirectory(LaneDirectory.PARENT);
    parts.metrics().directIo.add(parts.storage().direct() ? 1 : 0);
  }

  /** One turn of a writer; false when none has anything to do. */
  boolean step() {
    boolean worked = false;
    for (WriterLoop writer : writers) {
      worked |= writer.step(false);
    }
    return worked;
  }

  private ThreadPoolExecutor pool(int size, int queue, ThreadFactory factory) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            size, size, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(queue), factory);
    pool.allowCoreThreadTimeOut(true);
    pools.add(pool);
    return pool;
  }

  /** What its lanes share. */
  EngineParts parts() {
    return parts;
  }

  /** The lanes that are open. */
  List<Lane> lanes() {
    return lanes.values().stream()
        .filter(CompletableFuture::isDone)
        .map(CompletableFuture::join)
        .toList();
  }

  private CompletableFuture<Lane> lane(LogId id) {
    if (closed) {
      return CompletableFuture.failedFuture(closing());
    }
    StreamId stream = new StreamId(id.stream(), id.createdMillis());
    CompletableFuture<Lane> made = new CompletableFuture<>();
    CompletableFuture<Lane> known = lanes.putIfAbsent(stream, made);
    if (known != null) {
      return known;
    }
    WriterLoop writer = writers.get(Math.floorMod(nextWriter.getAndIncrement(), writers.size()));
    Lane lane = new Lane(id.stream(), id.createdMillis(), parts, writer);
    Runnable load =
        () -> {
          new LaneLoader(lane, parts).load();
          made.complete(lane);
        };
    try {
      parts.readers().execute(load);
    } catch (RejectedExecutionException e) {
      load.run();
    }
    return made;
  }

  private Lane loaded(LogId id) {
    CompletableFuture<Lane> lane = lanes.get(new StreamId(id.stream(), id.createdMillis()));
    if (lane == null || !lane.isDone()) {
      throw new StoreException(
          StoreException.Kind.NOT_FOUND, "no log of stream " + id.stream() + " was made");
    }
    return lane.join();
  }

  /** Runs something on the writer thread of a lane. */
  static CompletableFuture<Void> act(Lane lane, LaneRequest.Action.Body body) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (!lane.writer().submit(new LaneRequest.Action(lane, body, done))) {
      done.completeExceptionally(closing());
    }
    return done;
  }

  private static StoreException closing() {
    return new StoreException(StoreException.Kind.CLOSED, "the store is closing");
  }

  private static void check(Lane lane) {
    StoreException failure = lane.failure();
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public CompletionStage<Void> create(LogId id) {
    return Stages.map(
        lane(id),
        lane -> {
          check(lane);
          var unused = lane.shard(id.shard());
          return null;
        });
  }

  @Override
  public CompletionStage<LogWriter> claim(LogId id) {
    return Stages.compose(
        lane(id),
        lane -> {
          check(lane);
          Shard shard = lane.shard(id.shard());
          CompletableFuture<LogWriter> writer = new CompletableFuture<>();
          return act(
                  lane,
                  committer ->
                      writer.complete(
                          new LaneWriter(
                              lane, parts, shard, shard.claimBy(parts.settings().nodeName()))))
              .thenCompose(done -> writer);
        });
  }

  @Override
  public LogReader reader(LogId id) {
    Lane lane = loaded(id);
    return new LaneReader(lane, parts, lane.shard(id.shard()));
  }

  @Override
  public CompletionStage<Void> truncate(LogId id, Position before) {
    Lane lane = loaded(id);
    Shard shard = lane.shard(id.shard());
    return act(
        lane,
        committer -> {
          check(lane);
          if (before.compareTo(shard.start()) > 0) {
            committer.changeState(shard, shard.truncatedState(before));
          }
          committer.segments().purge();
        });
  }

  @Override
  public void retain(LogId id, Retention retention) {
    loaded(id).retention(retention);
  }

  @Override
  public CompletionStage<Void> sweep() {
    List<CompletableFuture<Void>> sweeps = new ArrayList<>();
    for (Lane lane : lanes()) {
      sweeps.add(act(lane, committer -> committer.segments().sweep()));
    }
    return Stages.compose(
        CompletableFuture.allOf(sweeps.toArray(CompletableFuture[]::new)),
        done -> CompletableFuture.completedFuture(null));
  }

  @Override
  public CompletionStage<Void> delete(LogId id) {
    return Stages.compose(
        lane(id),
        lane ->
            act(
                lane,
                committer -> {
                  committer.stop(
                      new StoreException(StoreException.Kind.SEALED, id.stream() + " was deleted"));
                  committer.segments().dropAll();
                  lanes.remove(new StreamId(id.stream(), id.createdMillis()));
                }));
  }

  @Override
  public Optional<String> owner(LogId id) {
    return Optional.ofNullable(loaded(id).shard(id.shard()).owner());
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (CompletableFuture<Lane> lane : lanes.values()) {
      var unused =
          act(
              lane.join(),
              committer -> {
                committer.segments().finish();
                // Behind all appends that were taken; who waits for more is told.
                committer.stop(closing());
              });
    }
    writers.forEach(WriterLoop::stop);
    boolean more = threads.isEmpty();
    while (more) {
      more = step();
    }
    threads.forEach(SegmentEngine::join);
    for (ThreadPoolExecutor pool : pools) {
      pool.shutdown();
      try {
        var unused = pool.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    parts.openFiles().closeAll();
    try {
      parts.storage().close();
    } catch (IOException e) {
      // Every write was synced by itself; a lock file that does not close changes nothing.
      return;
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
