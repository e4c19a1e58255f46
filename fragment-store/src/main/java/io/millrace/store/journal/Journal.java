package io.millrace.store.journal;

import io.millrace.store.Stages;
import io.millrace.store.StoreException;
import io.millrace.store.shard.Appended;
import io.millrace.store.shard.Entry;
import io.millrace.store.shard.LogEngine;
import io.millrace.store.shard.LogId;
import io.millrace.store.shard.LogReader;
import io.millrace.store.shard.LogWriter;
import io.millrace.store.shard.Position;
import io.millrace.store.shard.Slice;
import io.millrace.store.shard.StoredRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A log of the changes of something small that is held in memory: replayed when opened, written one
 * change after the other, and cut short by a snapshot now and then. Thread-safe.
 */
public final class Journal {
  private static final int READ_RECORDS = 10_000;
  private static final int READ_BYTES = 16 << 20;

  /** How often an append is tried that other streams of the same thread leave no room for. */
  private static final int TRIES = 16;

  private final LogEngine engine;
  private final LogId id;
  private final Settings settings;
  private final InstantSource clock;
  private final LogWriter writer;
  private int eventsSinceSnapshot;
  private CompletableFuture<?> lastChange = CompletableFuture.completedFuture(null);

  /**
   * What differs between journals.
   *
   * @param snapshotKind kind of the event that voids all before it; the state follows in its batch
   * @param eventsBetweenSnapshots events, a snapshot's own included, after which a snapshot is due
   */
  public record Settings(int snapshotKind, int eventsBetweenSnapshots) {}

  /**
   * One change, as it is stored.
   *
   * @param kind kind of the record, 1 to 255
   * @param key key of the record
   * @param payload the rest; both buffers are taken
   */
  public record Event(int kind, ByteBuffer key, ByteBuffer payload) {}

  /** Takes the events that are found, in order. */
  public interface Replay {
    /** Takes one, or says that it is none. */
    void take(Event event) throws IOException;
  }

  private Journal(
      LogEngine engine, LogId id, Settings settings, InstantSource clock, LogWriter writer) {
    this.engine = engine;
    this.id = id;
    this.settings = settings;
    this.clock = clock;
    this.writer = writer;
  }

  /**
   * Opens a journal, making its log when needed, and replays it. Waits for the disk.
   *
   * @throws StoreException if it cannot be read
   */
  public static Journal open(
      LogEngine engine, LogId id, Settings settings, InstantSource clock, Replay replay) {
    Stages.await(engine.create(id));
    Journal journal = new Journal(engine, id, settings, clock, Stages.await(engine.claim(id)));
    journal.replay(engine.reader(id), replay);
    return journal;
  }

  private void replay(LogReader reader, Replay replay) {
    Position next = Position.START;
    while (next.compareTo(reader.bounds().next()) < 0) {
      Slice slice = Stages.await(reader.read(next, READ_RECORDS, READ_BYTES, Duration.ZERO));
      for (StoredRecord record : slice.records()) {
        Event event = new Event(record.head().kind(), record.key(), record.payload());
        eventsSinceSnapshot = event.kind() == settings.snapshotKind() ? 1 : eventsSinceSnapshot + 1;
        try {
          replay.take(event);
        } catch (IOException e) {
          throw new StoreException(
              StoreException.Kind.IO, "the log " + id.stream() + ": " + e.getMessage(), e);
        }
      }
      next = slice.next();
    }
  }

  /**
   * Does a change after all that were asked for before are done, on this thread or on one of the
   * engine. The stage fails with what the change failed with or threw.
   */
  public <T extends @Nullable Object> CompletionStage<T> inOrder(
      Supplier<CompletionStage<T>> change) {
    CompletableFuture<T> result = new CompletableFuture<>();
    CompletableFuture<@Nullable Void> start = new CompletableFuture<>();
    synchronized (this) {
      lastChange =
          lastChange
              .handle((done, failure) -> null)
              .thenCombine(start, (before, now) -> null)
              .thenCompose(turn -> change.get())
              .whenComplete((value, failure) -> settle(result, value, failure));
    }
    // Outside of the lock, since a change may begin right here.
    start.complete(null);
    return result;
  }

  private static <T extends @Nullable Object> void settle(
      CompletableFuture<T> result, T value, @Nullable Throwable failure) {
    if (failure == null) {
      result.complete(value);
    } else {
      boolean wrapped = failure instanceof CompletionException && failure.getCause() != null;
      result.completeExceptionally(wrapped ? failure.getCause() : failure);
    }
  }

  /** Makes events durable, all or none; call it within a change. */
  public CompletionStage<Appended> append(List<Event> events) {
    List<Entry> entries = new ArrayList<>(events.size());
    for (Event event : events) {
      entries.add(Entry.of(event.kind(), clock.millis(), event.key(), event.payload()));
    }
    return Stages.map(
        append(entries, TRIES),
        appended -> {
          eventsSinceSnapshot += events.size();
          return appended;
        });
  }

  private CompletionStage<Appended> append(List<Entry> entries, int tries) {
    return writer
        .append(entries)
        .exceptionallyCompose(
            failure -> {
              StoreException reason = Stages.failureOf(failure);
              return reason.kind() == StoreException.Kind.BUSY && tries > 1
                  ? writer.ready().thenCompose(ready -> append(entries, tries - 1))
                  : CompletableFuture.failedFuture(reason);
            });
  }

  /**
   * Writes the whole state and drops what was before it, if enough was written since the last time;
   * call it at the end of a change. One that fails is tried again after the next change.
   *
   * @param size events of the state
   * @param state the events, the snapshot's own first
   */
  public CompletionStage<@Nullable Void> snapshotIfDue(int size, Supplier<List<Event>> state) {
    // A state of many events waits for as many changes, so that writing it costs little for each.
    if (eventsSinceSnapshot < Math.max(settings.eventsBetweenSnapshots(), 2L * size)) {
      return CompletableFuture.completedFuture(null);
    }
    List<Event> events = state.get();
    return append(events)
        .thenCompose(
            appended -> {
              eventsSinceSnapshot = events.size();
              return engine.truncate(id, appended.positions().getFirst());
            })
        .handle((done, failure) -> null);
  }
}
