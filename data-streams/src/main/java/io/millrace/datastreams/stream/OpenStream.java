package io.millrace.datastreams.stream;

import io.millrace.datastreams.capacity.CapacitySettings;
import io.millrace.datastreams.capacity.ShardBudget;
import io.millrace.datastreams.model.DataStream;
import io.millrace.datastreams.model.HashKey;
import io.millrace.datastreams.model.ShardMap;
import io.millrace.datastreams.model.StreamShard;
import io.millrace.store.Stages;
import io.millrace.store.StoreException;
import io.millrace.store.shard.LogEngine;
import io.millrace.store.shard.LogId;
import io.millrace.store.shard.Retention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A stream with the logs of its shards. Thread-safe. */
public final class OpenStream {
  /** Keeps the logs of data streams apart from those of video streams of the same name. */
  private static final String LOG_PREFIX = "data:";

  private final LogEngine engine;
  private final CapacitySettings capacity;
  private final Map<Integer, OpenShard> shards = new ConcurrentHashMap<>();
  private final AtomicInteger turn = new AtomicInteger();
  private volatile DataStream info;
  private volatile @Nullable StoreException failure;
  private volatile CompletableFuture<Void> changed = new CompletableFuture<>();
  private volatile boolean deleted;
  private long revision;
  private CompletionStage<Void> following = CompletableFuture.completedFuture(null);

  OpenStream(LogEngine engine, CapacitySettings capacity, DataStream info) {
    this.engine = engine;
    this.capacity = capacity;
    this.info = info;
  }

  /** What is known of it now. */
  public DataStream info() {
    return info;
  }

  public String name() {
    return info.name();
  }

  /** Whether it was deleted; whoever still holds it must let go. */
  public boolean isDeleted() {
    return deleted;
  }

  /** Why its records cannot be used; null while all is well. */
  public @Nullable StoreException failure() {
    return failure;
  }

  /** A shard with its log; null if the stream has none of that number. */
  public @Nullable OpenShard shard(int number) {
    return shards.get(number);
  }

  /** All shards with their logs. */
  public Collection<OpenShard> shards() {
    return shards.values();
  }

  /** The open shard that takes a hash key. */
  public OpenShard route(HashKey key) {
    return opened(info.shards().route(key));
  }

  /** The next open shard in turn, for records that may go anywhere. */
  public OpenShard nextInTurn() {
    List<StreamShard> open = info.shards().open();
    return opened(open.get(Math.floorMod(turn.getAndIncrement(), open.size())));
  }

  private OpenShard opened(StreamShard shard) {
    OpenShard found = shards.get(shard.number());
    if (found == null) {
      throw new StoreException(
          StoreException.Kind.NOT_FOUND, shard.id() + " of " + info.name() + " has no log");
    }
    return found;
  }

  /** Completes when shards were split or merged, or the stream was deleted, after this call. */
  public CompletionStage<Void> changed() {
    return changed;
  }

  LogId log(int shard) {
    return log(info.name(), info.createdMillis(), shard);
  }

  static LogId log(String name, long createdMillis, int shard) {
    return new LogId(LOG_PREFIX + name, createdMillis, shard);
  }

  /** Opens the logs of all shards; a damaged stream only notes its failure. */
  CompletionStage<Void> open() {
    return openShards(info.shards())
        .thenCompose(done -> sealClosed(info.shards()))
        .handle(
            (done, thrown) -> {
              if (thrown == null) {
                retain();
              } else {
                failure = Stages.failureOf(thrown);
              }
              return null;
            });
  }

  /**
   * Takes over a state that is durable: logs of new shards are opened, records are routed by it,
   * then the logs of closed shards take no more.
   *
   * @param next the state
   * @param number rises with each state; older ones that come late are dropped
   */
  synchronized CompletionStage<Void> follow(DataStream next, long number) {
    following =
        following
            .handle((done, thrown) -> null)
            .thenCompose(
                turnOfThis -> {
                  if (number <= revision) {
                    return CompletableFuture.<Void>completedFuture(null);
                  }
                  revision = number;
                  return openShards(next.shards())
                      .thenCompose(
                          opened -> {
                            become(next);
                            return sealClosed(next.shards());
                          });
                });
    return following;
  }

  private void become(DataStream next) {
    boolean reshaped = !next.shards().equals(info.shards());
    info = next;
    shards.keySet().removeIf(number -> next.shards().find(number) == null);
    for (StreamShard shard : next.shards().all()) {
      OpenShard open = shards.get(shard.number());
      if (open != null) {
        open.info(shard);
      }
    }
    retain();
    if (reshaped) {
      fireChanged();
    }
  }

  private void fireChanged() {
    CompletableFuture<Void> waiting = changed;
    changed = new CompletableFuture<>();
    waiting.complete(null);
  }

  void markDeleted() {
    deleted = true;
    fireChanged();
  }

  private void retain() {
    engine.retain(
        log(0), new Retention(Duration.ofHours(info.options().retentionHours()), Long.MAX_VALUE));
  }

  private CompletionStage<Void> openShards(ShardMap map) {
    List<CompletableFuture<?>> opening = new ArrayList<>();
    for (StreamShard shard : map.all()) {
      if (!shards.containsKey(shard.number())) {
        LogId id = log(shard.number());
        opening.add(
            engine
                .claim(id)
                .thenAccept(
                    writer ->
                        shards.put(
                            shard.number(),
                            new OpenShard(
                                shard,
                                engine.reader(id),
                                writer,
                                new ShardBudget(capacity, System.nanoTime()))))
                .toCompletableFuture());
      }
    }
    return CompletableFuture.allOf(opening.toArray(CompletableFuture[]::new));
  }

  /** Also finishes what a crash interrupted: a shard is closed here first, then its log. */
  private CompletionStage<Void> sealClosed(ShardMap map) {
    List<CompletableFuture<?>> sealing = new ArrayList<>();
    for (StreamShard shard : map.all()) {
      OpenShard open = shards.get(shard.number());
      if (open != null && !shard.isOpen() && !open.reader().bounds().sealed()) {
        sealing.add(open.writer().seal().toCompletableFuture());
      }
    }
    return CompletableFuture.allOf(sealing.toArray(CompletableFuture[]::new));
  }
}
