package io.millrace.store.fragment;

import io.millrace.store.Stages;
import io.millrace.store.StoreException;
import io.millrace.store.shard.Entry;
import io.millrace.store.shard.Extent;
import io.millrace.store.shard.Head;
import io.millrace.store.shard.LogReader;
import io.millrace.store.shard.LogWriter;
import io.millrace.store.shard.Marks;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Events in a shard log of their own beside that of the fragments. Their marks mean the same as
 * those of fragments, since both share the extents of one lane: counter of the newest fragment,
 * start (ns), server time (ms), duration (ns). Attributes: 4 kind, 4 count. Payload: the detail.
 */
final class ShardEventLog implements EventLog {
  /** Kind of the record. */
  static final int KIND = 2;

  private static final int ATTRIBUTE_BYTES = 8;

  private final LogReader reader;
  private final Supplier<CompletionStage<LogWriter>> claim;
  private final LongSupplier counter;
  private @Nullable CompletionStage<LogWriter> writer;

  ShardEventLog(
      LogReader reader, Supplier<CompletionStage<LogWriter>> claim, LongSupplier counter) {
    this.reader = reader;
    this.claim = claim;
    this.counter = counter;
  }

  @Override
  public CompletionStage<Void> append(StreamEvent event) {
    ByteBuffer attributes = ByteBuffer.allocate(ATTRIBUTE_BYTES);
    attributes.putInt(event.kind()).putInt(event.count()).flip();
    Entry entry =
        new Entry(
            KIND,
            event.serverTimeMillis(),
            new Marks(
                counter.getAsLong(),
                event.startNanos(),
                event.serverTimeMillis(),
                event.endNanos() - event.startNanos()),
            attributes,
            Entry.NO_BYTES,
            List.of(ByteBuffer.wrap(event.detail().getBytes(StandardCharsets.UTF_8))));
    return Stages.compose(
        writer(), open -> Stages.map(open.append(List.of(entry)), appended -> null));
  }

  /** Claimed when first needed: most streams never have an event. */
  private synchronized CompletionStage<LogWriter> writer() {
    CompletionStage<LogWriter> known = writer;
    if (known == null || known.toCompletableFuture().isCompletedExceptionally()) {
      known = claim.get();
      writer = known;
    }
    return known;
  }

  @Override
  public CompletionStage<List<StreamEvent>> find(long fromNanos, long toNanos, int limit) {
    ExtentWalk walk = new ExtentWalk(reader);
    List<Head> found = new ArrayList<>();
    List<Extent> extents =
        walk.holding(
            extent ->
                Objects.requireNonNull(extent.min()).second() <= toNanos
                    && touches(Objects.requireNonNull(extent.max()), fromNanos));
    return Stages.compose(
        walk.visit(
            extents,
            extent -> false,
            heads -> {
              for (Head head : heads) {
                Marks marks = FragmentRecord.marks(head);
                if (marks.second() <= toNanos && touches(marks, fromNanos)) {
                  found.add(head);
                }
              }
              found.sort(Comparator.comparingLong(head -> FragmentRecord.marks(head).second()));
              if (found.size() > limit) {
                found.subList(limit, found.size()).clear();
              }
            }),
        done -> events(found, 0, new ArrayList<>(found.size())));
  }

  /** Whether something with this start and duration, or the largest of both, reaches a time. */
  private static boolean touches(Marks marks, long fromNanos) {
    return marks.second() >= fromNanos || marks.fourth() >= fromNanos - marks.second();
  }

  private CompletionStage<List<StreamEvent>> events(
      List<Head> heads, int from, List<StreamEvent> into) {
    for (int i = from; i < heads.size(); i++) {
      Head head = heads.get(i);
      CompletableFuture<ByteBuffer> detail = reader.payload(head).toCompletableFuture();
      if (!detail.isDone() || detail.isCompletedExceptionally()) {
        int next = i + 1;
        return detail
            .handle((bytes, failure) -> add(head, bytes, failure, into))
            .thenCompose(added -> events(heads, next, into));
      }
      into.add(event(head, detail.join()));
    }
    return CompletableFuture.completedFuture(List.copyOf(into));
  }

  private static boolean add(
      Head head, @Nullable ByteBuffer detail, @Nullable Throwable failure, List<StreamEvent> into) {
    if (detail != null) {
      return into.add(event(head, detail));
    }
    StoreException cause = Stages.failureOf(Objects.requireNonNull(failure));
    if (cause.kind() != StoreException.Kind.GONE) {
      throw cause;
    }
    return false;
  }

  private static StreamEvent event(Head head, ByteBuffer detail) {
    Marks marks = FragmentRecord.marks(head);
    ByteBuffer attributes = head.attributes().duplicate();
    return new StreamEvent(
        attributes.getInt(),
        marks.second(),
        marks.second() + marks.fourth(),
        marks.third(),
        attributes.getInt(),
        StandardCharsets.UTF_8.decode(detail.duplicate()).toString());
  }
}
