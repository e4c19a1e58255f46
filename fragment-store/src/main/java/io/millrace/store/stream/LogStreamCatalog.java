package io.millrace.store.stream;

import io.millrace.store.Stages;
import io.millrace.store.StoreException;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.LiveFragments;
import io.millrace.store.fragment.ShardFragmentLog;
import io.millrace.store.journal.Journal;
import io.millrace.store.shard.Entry;
import io.millrace.store.shard.LogEngine;
import io.millrace.store.shard.LogId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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

  private final LogEngine engine;
  private final CatalogSettings settings;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ConcurrentSkipListMap<String, Open> streams = new ConcurrentSkipListMap<>();
  private final Set<CatalogEvent.Deleted> toPurge = new LinkedHashSet<>();
  private final Journal journal;
  private final Map<String, StreamInfo> replayed = new TreeMap<>();

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
      LogEngine engine, CatalogSettings settings, InstantSource clock, RandomGenerator random) {
    this.engine = engine;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.journal =
        Journal.open(
            engine,
            LOG,
            new Journal.Settings(CatalogEvent.Snapshot.KIND, settings.eventsBetweenSnapshots()),
            clock,
            event -> replay(CatalogEvent.decode(event.kind(), event.payload())));
  }

  /**
   * Replays the catalogue and opens every stream. Waits for the disk.
   *
   * @throws StoreException if the catalogue cannot be read; a damaged stream only fails by itself
   */
  public static LogStreamCatalog open(
      LogEngine engine, CatalogSettings settings, InstantSource clock, RandomGenerator random) {
    LogStreamCatalog catalog = new LogStreamCatalog(engine, settings, clock, random);
    List<CompletionStage<Open>> opening = new ArrayList<>();
    catalog.replayed.values().forEach(info -> opening.add(catalog.openStream(info)));
    catalog.replayed.clear();
    for (CompletionStage<Open> each : opening) {
      Open open = Stages.await(each);
      catalog.streams.put(open.info().name(), open);
    }
    List.copyOf(catalog.toPurge).forEach(deleted -> Stages.await(catalog.purge(deleted)));
    return catalog;
  }

  private void replay(CatalogEvent event) {
    switch (event) {
      case CatalogEvent.Put put -> replayed.put(put.stream().name(), put.stream());
      case CatalogEvent.Deleted deleted -> {
        replayed.remove(deleted.name());
        toPurge.add(deleted);
      }
      case CatalogEvent.Purged purged ->
          toPurge.remove(new CatalogEvent.Deleted(purged.name(), purged.createdMillis()));
      case CatalogEvent.Snapshot snapshot -> {
        replayed.clear();
        toPurge.clear();
      }
    }
  }

  private static LogId log(String name, long createdMillis) {
    return new LogId(name, createdMillis, 0);
  }

  /** A second shard of the stream's lane, so that events live exactly as long as fragments. */
  private static LogId events(LogId fragments) {
    return new LogId(fragments.stream(), fragments.createdMillis(), 1);
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
                          claimed,
                          engine.reader(id),
                          clock,
                          random,
                          new LiveFragments(),
                          engine.reader(events(id)),
                          () -> engine.claim(events(id))),
                      null));
            });
    return opened;
  }

  /** Does a change after all that were asked for before. */
  private <T extends @Nullable Object> CompletionStage<T> inOrder(
      Supplier<CompletionStage<T>> change) {
    return Stages.map(journal.inOrder(change), done -> done);
  }

  private CompletionStage<?> write(CatalogEvent event) {
    return journal.append(List.of(stored(event)));
  }

  private static Journal.Event stored(CatalogEvent event) {
    return new Journal.Event(event.kind(), Entry.NO_BYTES, event.encode());
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

  private CompletionStage<@Nullable Void> snapshotIfDue() {
    return journal.snapshotIfDue(
        1 + streams.size() + toPurge.size(),
        () -> {
          List<Journal.Event> events = new ArrayList<>();
          events.add(stored(new CatalogEvent.Snapshot()));
          streams.values().forEach(open -> events.add(stored(new CatalogEvent.Put(open.info()))));
          toPurge.forEach(deleted -> events.add(stored(deleted)));
          return events;
        });
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
