package io.millrace.store.stream;

import io.millrace.store.Stages;
import io.millrace.store.StoreException;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.LiveFragments;
import io.millrace.store.fragment.ShardFragmentLog;
import io.millrace.store.shard.Entry;
import io.millrace.store.shard.LogEngine;
import io.millrace.store.shard.LogId;
import io.millrace.store.shard.LogReader;
import io.millrace.store.shard.LogWriter;
import io.millrace.store.shard.Position;
import io.millrace.store.shard.Slice;
import io.millrace.store.shard.StoredRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue as a log of events with snapshots, replayed when opened. Changes are done one after
 * the other; reads come from memory.
 */
public final class LogStreamCatalog implements StreamCatalog {
  /** The catalogue's own log; users' streams have a creation time after 1970. */
  static final LogId LOG = new LogId("millrace.catalog", 0, 0);

  private static final String VERSION_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  private static final int VERSION_LENGTH = 20;
  private static final int READ_RECORDS = 10_000;
  private static final int READ_BYTES = 16 << 20;

  private final LogEngine engine;
  private final CatalogSettings settings;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ConcurrentSkipListMap<String, Open> streams = new ConcurrentSkipListMap<>();
  private final Set<CatalogEvent.Deleted> toPurge = new LinkedHashSet<>();
  private final LogWriter writer;
  private int eventsSinceSnapshot;
  private CompletableFuture<?> lastChange = CompletableFuture.completedFuture(null);

  /**
   * A stream with its log.
   *
   * @param log null when its data is damaged; then {@code failure} says how
   */
  private record Open(
      StreamInfo info, @Nullable FragmentLog log, @Nullable StoreException failure) {
    Open with(StreamInfo next) {
      return new Open(next, log, failure);
    }
  }

  private LogStreamCatalog(
      LogEngine engine,
      CatalogSettings settings,
      InstantSource clock,
      RandomGenerator random,
      LogWriter writer) {
    this.engine = engine;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.writer = writer;
  }

  /**
   * Replays the catalogue and opens every stream. Waits for the disk.
   *
   * @throws StoreException if the catalogue cannot be read; a damaged stream only fails by itself
   */
  public static LogStreamCatalog open(
      LogEngine engine, CatalogSettings settings, InstantSource clock, RandomGenerator random) {
    Stages.await(engine.create(LOG));
    LogWriter writer = Stages.await(engine.claim(LOG));
    LogStreamCatalog catalog = new LogStreamCatalog(engine, settings, clock, random, writer);
    Map<String, StreamInfo> found = catalog.replay(engine.reader(LOG));
    List<CompletionStage<Open>> opening = new ArrayList<>();
    found.values().forEach(info -> opening.add(catalog.openStream(info)));
    for (CompletionStage<Open> each : opening) {
      Open open = Stages.await(each);
      catalog.streams.put(open.info().name(), open);
    }
    List.copyOf(catalog.toPurge).forEach(deleted -> Stages.await(catalog.purge(deleted)));
    return catalog;
  }

  private Map<String, StreamInfo> replay(LogReader reader) {
    Map<String, StreamInfo> found = new ConcurrentSkipListMap<>();
    Position next = Position.START;
    while (next.compareTo(reader.bounds().next()) < 0) {
      Slice slice = Stages.await(reader.read(next, READ_RECORDS, READ_BYTES, Duration.ZERO));
      for (StoredRecord record : slice.records()) {
        try {
          apply(CatalogEvent.decode(record.head().kind(), record.payload()), found);
        } catch (IOException e) {
          throw new StoreException(
              StoreException.Kind.IO, "the catalogue of streams: " + e.getMessage(), e);
        }
      }
      next = slice.next();
    }
    return found;
  }

  private void apply(CatalogEvent event, Map<String, StreamInfo> found) {
    eventsSinceSnapshot++;
    switch (event) {
      case CatalogEvent.Put put -> found.put(put.stream().name(), put.stream());
      case CatalogEvent.Deleted deleted -> {
        found.remove(deleted.name());
        toPurge.add(deleted);
      }
      case CatalogEvent.Purged purged ->
          toPurge.remove(new CatalogEvent.Deleted(purged.name(), purged.createdMillis()));
      case CatalogEvent.Snapshot snapshot -> {
        found.clear();
        toPurge.clear();
        eventsSinceSnapshot = 0;
      }
    }
  }

  private static LogId log(String name, long createdMillis) {
    return new LogId(name, createdMillis, 0);
  }

  private CompletionStage<Open> openStream(StreamInfo info) {
    LogId id = log(info.name(), info.createdMillis());
    CompletableFuture<Open> opened = new CompletableFuture<>();
    engine
        .claim(id)
        .whenComplete(
            (claimed, failure) -> {
              if (failure != null) {
                opened.complete(new Open(info, null, Stages.failureOf(failure)));
                return;
              }
              engine.retain(id, settings.retention(info.retentionHours()));
              opened.complete(
                  new Open(
                      info,
                      new ShardFragmentLog(
                          claimed, engine.reader(id), clock, random, new LiveFragments()),
                      null));
            });
    return opened;
  }

  /** Does a change after all that were asked for before. */
  private synchronized <T extends @Nullable Object> CompletionStage<T> inOrder(
      Supplier<CompletionStage<T>> change) {
    CompletableFuture<T> result = new CompletableFuture<>();
    lastChange =
        lastChange
            .handle((done, failure) -> null)
            .thenCompose(turn -> change.get())
            .whenComplete(
                (value, failure) -> {
                  if (failure == null) {
                    result.complete(value);
                  } else {
                    result.completeExceptionally(Stages.failureOf(failure));
                  }
                });
    return result;
  }

  private CompletionStage<?> write(CatalogEvent... events) {
    List<Entry> entries = new ArrayList<>();
    for (CatalogEvent event : events) {
      entries.add(Entry.of(event.kind(), clock.millis(), Entry.NO_BYTES, event.encode()));
    }
    eventsSinceSnapshot += events.length;
    return writer.append(entries);
  }

  @Override
  public CompletionStage<StreamInfo> create(NewStream stream) {
    return inOrder(
        () -> {
          if (streams.containsKey(stream.name())) {
            throw new StoreException(
                StoreException.Kind.EXISTS, "stream " + stream.name() + " exists");
          }
          StreamInfo info =
              new StreamInfo(
                  stream.name(),
                  newCreationTime(stream.name()),
                  newVersion(),
                  StreamInfo.Status.ACTIVE,
                  stream.retentionHours(),
                  stream.mediaType(),
                  stream.deviceName(),
                  stream.kmsKeyId(),
                  stream.storageTier(),
                  stream.tags());
          return write(new CatalogEvent.Put(info))
              .thenCompose(written -> openStream(info))
              .thenCompose(
                  open -> {
                    streams.put(info.name(), open);
                    return snapshotIfDue().thenApply(done -> info);
                  });
        });
  }

  /** Never that of a deleted stream of this name whose files may still be there. */
  private long newCreationTime(String name) {
    long millis = Math.max(1, clock.millis());
    while (toPurge.contains(new CatalogEvent.Deleted(name, millis))) {
      millis++;
    }
    return millis;
  }

  private String newVersion() {
    StringBuilder version = new StringBuilder();
    synchronized (random) {
      for (int i = 0; i < VERSION_LENGTH; i++) {
        version.append(VERSION_LETTERS.charAt(random.nextInt(VERSION_LETTERS.length())));
      }
    }
    return version.toString();
  }

  @Override
  public Optional<StreamInfo> find(String name) {
    return Optional.ofNullable(streams.get(name)).map(Open::info);
  }

  @Override
  public List<StreamInfo> list(String prefix, @Nullable String afterName, int limit) {
    String from = afterName == null || afterName.compareTo(prefix) < 0 ? prefix : afterName;
    return streams.tailMap(from, true).values().stream()
        .map(Open::info)
        .filter(info -> afterName == null || info.name().compareTo(afterName) > 0)
        .takeWhile(info -> info.name().startsWith(prefix))
        .limit(limit)
        .toList();
  }

  private Open current(String name, @Nullable String expectedVersion) {
    Open open = streams.get(name);
    if (open == null) {
      throw new StoreException(StoreException.Kind.NOT_FOUND, "no stream " + name);
    }
    if (expectedVersion != null && !expectedVersion.equals(open.info().version())) {
      throw new StoreException(
          StoreException.Kind.VERSION_MISMATCH,
          "stream %s is at version %s".formatted(name, open.info().version()));
    }
    return open;
  }

  @Override
  public CompletionStage<StreamInfo> update(
      String name, @Nullable String expectedVersion, UnaryOperator<StreamInfo> change) {
    return inOrder(
        () -> {
          Open open = current(name, expectedVersion);
          StreamInfo wanted = change.apply(open.info());
          StreamInfo next =
              new StreamInfo(
                  name,
                  open.info().createdMillis(),
                  newVersion(),
                  wanted.status(),
                  wanted.retentionHours(),
                  wanted.mediaType(),
                  wanted.deviceName(),
                  wanted.kmsKeyId(),
                  wanted.storageTier(),
                  wanted.tags());
          return write(new CatalogEvent.Put(next))
              .thenCompose(
                  written -> {
                    streams.put(name, open.with(next));
                    if (open.log() != null) {
                      engine.retain(
                          log(name, next.createdMillis()),
                          settings.retention(next.retentionHours()));
                    }
                    return snapshotIfDue().thenApply(done -> next);
                  });
        });
  }

  @Override
  public CompletionStage<Void> delete(String name, @Nullable String expectedVersion) {
    return inOrder(
        () -> {
          Open open = current(name, expectedVersion);
          CatalogEvent.Deleted deleted =
              new CatalogEvent.Deleted(name, open.info().createdMillis());
          return write(deleted)
              .thenCompose(
                  written -> {
                    streams.remove(name);
                    toPurge.add(deleted);
                    return purge(deleted);
                  })
              .thenCompose(done -> snapshotIfDue());
        });
  }

  /** Deletes the files; what fails is done again when the store is opened next. */
  private CompletionStage<Void> purge(CatalogEvent.Deleted deleted) {
    return engine
        .delete(log(deleted.name(), deleted.createdMillis()))
        .thenCompose(
            gone -> {
              toPurge.remove(deleted);
              return write(new CatalogEvent.Purged(deleted.name(), deleted.createdMillis()));
            })
        .handle((done, failure) -> null);
  }

  /** A snapshot that fails is tried again after the next change. */
  private CompletionStage<Void> snapshotIfDue() {
    if (eventsSinceSnapshot < settings.eventsBetweenSnapshots()) {
      return CompletableFuture.completedFuture(null);
    }
    List<CatalogEvent> events = new ArrayList<>();
    events.add(new CatalogEvent.Snapshot());
    streams.values().forEach(open -> events.add(new CatalogEvent.Put(open.info())));
    events.addAll(toPurge);
    List<Entry> entries =
        events.stream()
            .map(e -> Entry.of(e.kind(), clock.millis(), Entry.NO_BYTES, e.encode()))
            .toList();
    return writer
        .append(entries)
        .thenCompose(
            appended -> {
              eventsSinceSnapshot = 0;
              return engine.truncate(LOG, appended.positions().getFirst());
            })
        .handle((done, failure) -> null);
  }

  @Override
  public FragmentLog fragments(String name) {
    Open open = streams.get(name);
    if (open == null) {
      throw new StoreException(StoreException.Kind.NOT_FOUND, "no stream " + name);
    }
    FragmentLog log = open.log();
    if (log == null) {
      throw open.failure() == null
          ? new StoreException(StoreException.Kind.IO, name + " is stopped")
          : open.failure();
    }
    return log;
  }
}
