package io.millrace.store.fragment;

import io.millrace.store.Stages;
import io.millrace.store.StoreException;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;
import io.millrace.store.shard.Extent;
import io.millrace.store.shard.LogReader;
import io.millrace.store.shard.LogWriter;
import io.millrace.store.shard.Marks;
import io.millrace.store.shard.Position;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Fragments of one stream in one shard log. It keeps no state but the counter of numbers. */
public final class ShardFragmentLog implements FragmentLog {
  private static final int SALT_BITS = 28;
  private static final Comparator<FragmentEntry> BY_NUMBER =
      Comparator.comparing(FragmentEntry::number);

  private final LogWriter writer;
  private final LogReader reader;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final AtomicLong counter;
  private final LiveFragments live;
  private final EventLog events;

  /**
   * @param writer the only writer of the log
   * @param clock server time
   * @param random makes the random bits of numbers; used under its own lock
   * @param live its fragments that are not durable yet
   * @param eventReader reads the log of its events
   * @param eventWriter becomes the only writer of that log; asked once, when the first event comes
   */
  public ShardFragmentLog(
      LogWriter writer,
      LogReader reader,
      InstantSource clock,
      RandomGenerator random,
      LiveFragments live,
      LogReader eventReader,
      Supplier<CompletionStage<LogWriter>> eventWriter) {
    this.live = live;
    this.writer = writer;
    this.reader = reader;
    this.clock = clock;
    this.random = random;
    Marks highest = reader.highest();
    this.counter = new AtomicLong(highest == null ? 0 : highest.first());
    this.events = new ShardEventLog(eventReader, eventWriter, counter::get);
  }

  @Override
  public FragmentNumber nextNumber() {
    int salt;
    synchronized (random) {
      salt = random.nextInt() >>> (Integer.SIZE - SALT_BITS);
    }
    return new FragmentNumber(counter.incrementAndGet(), Math.max(0, clock.millis()), salt);
  }

  @Override
  public CompletionStage<FragmentEntry> append(NewFragment fragment) {
    FragmentEntry entry =
        new FragmentEntry(
            fragment.number(),
            fragment.producerTimeNanos(),
            fragment.number().serverTimeMillis(),
            fragment.durationNanos(),
            fragment.payload().remaining(),
            fragment.formatId(),
            fragment.flags());
    return Stages.map(writer.append(List.of(FragmentRecord.entry(fragment))), appended -> entry);
  }

  @Override
  public CompletionStage<Void> ready() {
    return writer.ready();
  }

  @Override
  public CompletionStage<List<FragmentEntry>> find(FragmentQuery query) {
    if (query.limit() <= 0) {
      return CompletableFuture.completedFuture(List.of());
    }
    return new FragmentSearch(reader).range(query);
  }

  @Override
  public CompletionStage<Optional<FragmentEntry>> at(TimeAxis axis, long timeNanos) {
    return new FragmentSearch(reader).at(axis, timeNanos);
  }

  @Override
  public CompletionStage<Optional<FragmentEntry>> get(FragmentNumber number) {
    return Stages.map(
        new FragmentSearch(reader).head(number),
        head -> Optional.ofNullable(head).map(FragmentRecord::entry));
  }

  @Override
  public List<FragmentEntry> newest(int limit) {
    return reader.newestHeads(limit).stream().map(FragmentRecord::entry).sorted(BY_NUMBER).toList();
  }

  @Override
  public CompletionStage<Optional<FragmentEntry>> oldest() {
    return Stages.map(
        find(new FragmentQuery(TimeAxis.SERVER, Long.MIN_VALUE, Long.MAX_VALUE, null, 1)),
        found -> found.stream().findFirst());
  }

  @Override
  public CompletionStage<List<FragmentEntry>> after(
      @Nullable FragmentNumber number, int limit, Duration wait) {
    long deadlineNanos = System.nanoTime() + Math.min(wait.toNanos(), Long.MAX_VALUE / 4);
    return after(
        new FragmentQuery(TimeAxis.SERVER, Long.MIN_VALUE, Long.MAX_VALUE, number, limit),
        deadlineNanos);
  }

  private CompletionStage<List<FragmentEntry>> after(FragmentQuery query, long deadlineNanos) {
    Position seen = reader.bounds().next();
    boolean sealed = reader.bounds().sealed();
    return Stages.compose(
        find(query),
        found -> {
          long leftNanos = deadlineNanos - System.nanoTime();
          if (!found.isEmpty() || sealed || leftNanos <= 0) {
            return CompletableFuture.completedFuture(found);
          }
          return Stages.compose(
              reader.changed(seen, Duration.ofNanos(leftNanos)),
              changed -> after(query, deadlineNanos));
        });
  }

  @Override
  public CompletionStage<ByteBuffer> read(FragmentEntry entry) {
    return Stages.compose(
        new FragmentSearch(reader).head(entry.number()),
        head ->
            head == null
                ? CompletableFuture.failedFuture(
                    new StoreException(
                        StoreException.Kind.GONE, "retention dropped fragment " + entry.number()))
                : reader.payload(head));
  }

  @Override
  public LiveFragments live() {
    return live;
  }

  @Override
  public EventLog events() {
    return events;
  }

  @Override
  public Stats stats() {
    long fragments = 0;
    long payloadBytes = 0;
    for (Extent extent : reader.extents()) {
      fragments += extent.records() - extent.besides();
      payloadBytes += extent.payloadBytes();
    }
    return new Stats(fragments, payloadBytes, reader.diskBytes());
  }
}
