package io.millrace.datastreams.stream;

import io.millrace.api.error.AwsError;
import io.millrace.datastreams.capacity.CapacitySettings;
import io.millrace.datastreams.model.DataStream;
import io.millrace.datastreams.model.StreamCodec;
import io.millrace.store.Stages;
import io.millrace.store.StoreException;
import io.millrace.store.shard.LogEngine;
import io.millrace.store.table.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * The data streams of this server. Reads come from memory; a change completes when it is durable.
 * Thread-safe. Stages fail with {@link StoreException} or with what a change threw, wrapped or not.
 */
public final class StreamDirectory {
  private static final String STREAM = "stream/";
  private static final String DELETED = "deleted/";

  private final LogEngine engine;
  private final Table table;
  private final Account account;
  private final CapacitySettings capacity;
  private final InstantSource clock;
  private final ConcurrentSkipListMap<String, OpenStream> streams = new ConcurrentSkipListMap<>();
  private final AtomicLong revisions = new AtomicLong();

  /** A state with its place in the order of states. */
  private record Revision(DataStream stream, long number) {}

  private StreamDirectory(
      LogEngine engine,
      Table table,
      Account account,
      CapacitySettings capacity,
      InstantSource clock) {
    this.engine = engine;
    this.table = table;
    this.account = account;
    this.capacity = capacity;
    this.clock = clock;
  }

  /**
   * Opens every stream and finishes deletions that a crash interrupted. Waits for the disk.
   *
   * @throws StoreException if the table holds something unreadable; a stream whose records are
   *     damaged only fails by itself
   */
  public static StreamDirectory open(
      LogEngine engine,
      Table table,
      Account account,
      CapacitySettings capacity,
      InstantSource clock) {
    StreamDirectory directory = new StreamDirectory(engine, table, account, capacity, clock);
    List<CompletionStage<Void>> opening = new ArrayList<>();
    for (Map.Entry<String, byte[]> entry : table.entries().tailMap(STREAM).entrySet()) {
      if (!entry.getKey().startsWith(STREAM)) {
        break;
      }
      DataStream info = decode(entry.getValue());
      OpenStream stream = new OpenStream(engine, capacity, info);
      directory.streams.put(info.name(), stream);
      opening.add(stream.open());
    }
    opening.forEach(Stages::await);
    for (String key : List.copyOf(table.entries().tailMap(DELETED).keySet())) {
      if (key.startsWith(DELETED)) {
        directory.dropLogs(key);
      }
    }
    return directory;
  }

  private static DataStream decode(byte[] bytes) {
    try {
      return StreamCodec.decode(bytes);
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.IO, "the table of data streams: " + e.getMessage(), e);
    }
  }

  public Optional<OpenStream> find(String name) {
    return Optional.ofNullable(streams.get(name));
  }

  /** All streams in name order; a live view. */
  public NavigableMap<String, OpenStream> all() {
    return Collections.unmodifiableNavigableMap(streams);
  }

  /**
   * Makes a stream.
   *
   * @param initial its state; the creation time moves on when one deleted just now had the same
   * @return fails with RESOURCE_IN_USE when the name is taken
   */
  public CompletionStage<OpenStream> create(DataStream initial) {
    return table
        .update(
            entries -> {
              String key = STREAM + initial.name();
              if (entries.containsKey(key)) {
                throw AwsError.RESOURCE_IN_USE.because(
                    "Stream %s under account %s already exists."
                        .formatted(initial.name(), account.id()));
              }
              DataStream stream = initial;
              while (entries.containsKey(deletedKey(stream))) {
                stream = stream.createdAt(stream.createdMillis() + 1);
              }
              return Table.Update.put(key, StreamCodec.encode(stream), stream);
            })
        .thenCompose(
            stored -> {
              OpenStream stream = new OpenStream(engine, capacity, stored);
              return stream
                  .open()
                  .thenApply(
                      opened -> {
                        streams.put(stored.name(), stream);
                        return stream;
                      });
            });
  }

  /**
   * Changes a stream.
   *
   * @param change from the newest state to the next one; returning the same changes nothing
   * @return completes with the new state when it is durable and in force; fails with
   *     RESOURCE_NOT_FOUND when there is no such stream
   */
  public CompletionStage<DataStream> change(OpenStream stream, UnaryOperator<DataStream> change) {
    String key = STREAM + stream.name();
    return table
        .update(
            entries -> {
              byte[] stored = entries.get(key);
              DataStream now = stored == null ? null : decode(stored);
              if (now == null || now.createdMillis() != stream.info().createdMillis()) {
                throw account.streamNotFound(stream.name());
              }
              DataStream next = change.apply(now);
              Revision revision = new Revision(next, revisions.incrementAndGet());
              return next.equals(now)
                  ? Table.Update.nothing(revision)
                  : Table.Update.put(key, StreamCodec.encode(next), revision);
            })
        .thenCompose(
            revision ->
                stream
                    .follow(revision.stream(), revision.number())
                    .thenApply(followed -> revision.stream()));
  }

  /** Deletes a stream with all its records. */
  public CompletionStage<Void> delete(OpenStream stream) {
    String key = STREAM + stream.name();
    String mark = deletedKey(stream.info());
    return table
        .update(
            entries -> {
              if (!entries.containsKey(key)) {
                throw account.streamNotFound(stream.name());
              }
              return new Table.Update<>(Map.of(mark, new byte[0]), Set.of(key), mark);
            })
        .thenAccept(
            marked -> {
              streams.remove(stream.name(), stream);
              stream.markDeleted();
              dropLogs(marked);
            });
  }

  private static String deletedKey(DataStream stream) {
    return DELETED + stream.createdMillis() + "/" + stream.name();
  }

  /** Deletes the files; what fails is done again when the directory is opened next. */
  private void dropLogs(String mark) {
    int slash = mark.indexOf('/', DELETED.length());
    long createdMillis = Long.parseLong(mark.substring(DELETED.length(), slash));
    String name = mark.substring(slash + 1);
    var unused =
        engine
            .delete(OpenStream.log(name, createdMillis, 0))
            .thenCompose(gone -> table.update(entries -> Table.Update.remove(mark, mark)));
  }

  /** Makes everything written until now unreadable, at once. */
  public CompletionStage<Void> purge(OpenStream stream) {
    List<CompletableFuture<?>> truncating = new ArrayList<>();
    for (OpenShard shard : stream.shards()) {
      truncating.add(
          engine
              .truncate(stream.log(shard.info().number()), shard.reader().bounds().next())
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(truncating.toArray(CompletableFuture[]::new));
  }

  /** Forgets shards whose records have all passed retention. */
  public void expireShards() {
    long now = clock.millis();
    for (OpenStream stream : streams.values()) {
      DataStream info = stream.info();
      long horizon = info.trimHorizonMillis(now);
      if (!info.shards().withoutClosedBefore(horizon).equals(info.shards())) {
        var unused = change(stream, s -> s.withShards(s.shards().withoutClosedBefore(horizon)));
      }
    }
  }

  /** A small value that is not a stream, such as a setting of the account. */
  public Optional<String> note(String name) {
    return table.get("note/" + name).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /** Sets such a value. */
  public CompletionStage<Void> note(String name, String value) {
    return Stages.map(
        table.update(
            entries ->
                Table.Update.put("note/" + name, value.getBytes(StandardCharsets.UTF_8), value)),
        done -> null);
  }
}
