package io.millrace.store.table;

import io.millrace.store.StoreException;
import io.millrace.store.journal.Journal;
import io.millrace.store.shard.Entry;
import io.millrace.store.shard.LogEngine;
import io.millrace.store.shard.LogId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A table as a journal. Updates that wait while one is written are decided together and written in
 * one append.
 *
 * <pre>
 * record  kind 1 put: key name, payload value    kind 2 remove: key name
 *         kind 3 snapshot: all before is void, the puts of the whole table follow in its batch
 * </pre>
 */
public final class LogTable implements Table {
  private static final int PUT = 1;
  private static final int REMOVE = 2;
  private static final int SNAPSHOT = 3;

  /** Bytes after which an append takes no further update. */
  private static final int GROUP_BYTES = 1 << 20;

  private final TableSettings settings;
  private final Journal journal;
  private final ArrayDeque<Pending<?>> waiting = new ArrayDeque<>();
  private boolean turnAsked;
  private final ConcurrentSkipListMap<String, byte[]> durable = new ConcurrentSkipListMap<>();

  /** What will be durable after the append under way; used in the journal's order only. */
  private final TreeMap<String, byte[]> decided = new TreeMap<>();

  private long decidedBytes;

  /** An update that was asked for. */
  private record Pending<R>(
      Function<NavigableMap<String, byte[]>, Update<R>> decide, CompletableFuture<R> result) {
    /** Decides; the action tells the caller. */
    Runnable run(LogTable table, Group group) {
      try {
        Update<R> update = decide.apply(Collections.unmodifiableNavigableMap(table.decided));
        table.apply(update, group);
        return () -> result.complete(update.result());
      } catch (RuntimeException | Error e) {
        return () -> result.completeExceptionally(e);
      }
    }
  }

  /** Updates that are written in one append. */
  private static final class Group {
    private final List<Pending<?>> members = new ArrayList<>();
    private final List<Runnable> answers = new ArrayList<>();
    private final List<Journal.Event> events = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private long bytes;
  }

  private LogTable(LogEngine engine, LogId id, TableSettings settings, InstantSource clock) {
    this.settings = settings;
    this.journal =
        Journal.open(
            engine,
            id,
            new Journal.Settings(SNAPSHOT, settings.changesBetweenSnapshots()),
            clock,
            this::replay);
    durable.putAll(decided);
  }

  /** The log of a table; users' streams have a creation time after 1970. */
  public static LogId log(String name) {
    return new LogId("millrace.table." + name, 0, 0);
  }

  /**
   * Opens a table, making it when needed. At most one may be open by this name. Waits for the disk.
   *
   * @throws StoreException if its log cannot be read
   */
  public static LogTable open(
      LogEngine engine, String name, TableSettings settings, InstantSource clock) {
    return new LogTable(engine, log(name), settings, clock);
  }

  private void replay(Journal.Event event) throws IOException {
    String name = StandardCharsets.UTF_8.decode(event.key().duplicate()).toString();
    switch (event.kind()) {
      case PUT -> {
        byte[] value = new byte[event.payload().remaining()];
        event.payload().duplicate().get(value);
        set(name, value);
      }
      case REMOVE -> set(name, null);
      case SNAPSHOT -> {
        decided.clear();
        decidedBytes = 0;
      }
      default -> throw new IOException("table event of kind " + event.kind());
    }
  }

  @Override
  public Optional<byte[]> get(String name) {
    return Optional.ofNullable(durable.get(name));
  }

  @Override
  public NavigableMap<String, byte[]> entries() {
    return Collections.unmodifiableNavigableMap(durable);
  }

  @Override
  public <R> CompletionStage<R> update(Function<NavigableMap<String, byte[]>, Update<R>> decide) {
    Pending<R> pending = new Pending<>(decide, new CompletableFuture<>());
    boolean ask;
    synchronized (waiting) {
      waiting.addLast(pending);
      ask = !turnAsked;
      turnAsked = true;
    }
    if (ask) {
      var unused = journal.inOrder(this::turn);
    }
    return pending.result();
  }

  /** Does what waits, as far as it fits one append. */
  private CompletionStage<@Nullable Void> turn() {
    Group group = new Group();
    while (group.bytes < GROUP_BYTES) {
      Pending<?> pending;
      synchronized (waiting) {
        pending = waiting.pollFirst();
        turnAsked = pending != null;
      }
      if (pending == null) {
        return write(group);
      }
      group.members.add(pending);
      group.answers.add(pending.run(this, group));
    }
    var unused = journal.inOrder(this::turn);
    return write(group);
  }

  private CompletionStage<@Nullable Void> write(Group group) {
    if (group.events.isEmpty()) {
      group.answers.forEach(Runnable::run);
      return CompletableFuture.completedFuture(null);
    }
    return journal
        .append(group.events)
        .handle(
            (appended, failure) -> {
              if (failure == null) {
                group.names.forEach(this::show);
                group.answers.forEach(Runnable::run);
              } else {
                // Nobody is told what was decided upon values that are not durable.
                group.names.forEach(name -> set(name, durable.get(name)));
                group.members.forEach(member -> member.result().completeExceptionally(failure));
              }
              return failure == null;
            })
        .thenCompose(
            written ->
                written
                    ? journal.snapshotIfDue(1 + durable.size(), this::snapshot)
                    : CompletableFuture.completedFuture(null));
  }

  private void show(String name) {
    byte[] value = decided.get(name);
    if (value == null) {
      durable.remove(name);
    } else {
      durable.put(name, value);
    }
  }

  private List<Journal.Event> snapshot() {
    List<Journal.Event> events = new ArrayList<>();
    events.add(new Journal.Event(SNAPSHOT, Entry.NO_BYTES, Entry.NO_BYTES));
    durable.forEach(
        (name, value) -> events.add(new Journal.Event(PUT, encoded(name), ByteBuffer.wrap(value))));
    return events;
  }

  private void apply(Update<?> update, Group group) {
    List<Journal.Event> events = new ArrayList<>();
    long growth = 0;
    for (String name : update.removes()) {
      if (decided.containsKey(name) && !update.puts().containsKey(name)) {
        events.add(new Journal.Event(REMOVE, encoded(name), Entry.NO_BYTES));
        growth -= bytes(name, decided.get(name));
      }
    }
    for (var put : update.puts().entrySet()) {
      String name = put.getKey();
      events.add(new Journal.Event(PUT, encoded(name), ByteBuffer.wrap(put.getValue())));
      growth += bytes(name, put.getValue()) - bytes(name, decided.get(name));
    }
    if (growth > 0 && decidedBytes + growth > settings.maxBytes()) {
      throw new StoreException(
          StoreException.Kind.TOO_LARGE,
          "a table of %d bytes, at most %d are taken"
              .formatted(decidedBytes + growth, settings.maxBytes()));
    }
    for (Journal.Event event : events) {
      group.bytes += Entry.MAX_ATTRIBUTES + event.key().remaining() + event.payload().remaining();
    }
    group.events.addAll(events);
    update.removes().forEach(name -> set(name, null));
    update.puts().forEach(this::set);
    group.names.addAll(update.removes());
    group.names.addAll(update.puts().keySet());
  }

  private void set(String name, byte @Nullable [] value) {
    byte[] before = value == null ? decided.remove(name) : decided.put(name, value);
    decidedBytes += bytes(name, value) - bytes(name, before);
  }

  private static long bytes(String name, byte @Nullable [] value) {
    return value == null ? 0 : name.length() + value.length;
  }

  private static ByteBuffer encoded(String name) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name));
      if (bytes.remaining() <= Entry.MAX_KEY) {
        return bytes;
      }
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a name of a table that is no text: " + e, e);
    }
    throw new IllegalArgumentException(
        "a name of %d characters, at most %d bytes are taken"
            .formatted(name.length(), Entry.MAX_KEY));
  }
}
