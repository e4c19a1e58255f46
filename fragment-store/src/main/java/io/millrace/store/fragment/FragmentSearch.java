package io.millrace.store.fragment;

import io.millrace.store.Stages;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;
import io.millrace.store.shard.Extent;
import io.millrace.store.shard.Head;
import io.millrace.store.shard.LogReader;
import io.millrace.store.shard.Marks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One search over the extents of a log. Extents whose minimum and maximum cannot hold an answer are
 * skipped; producer times may be out of order and overlap between extents. Used once.
 */
final class FragmentSearch {
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final Comparator<FragmentEntry> BY_NUMBER =
      Comparator.comparing(FragmentEntry::number);

  private final ExtentWalk walk;
  private final List<FragmentEntry> found = new ArrayList<>();
  private @Nullable Head foundHead;
  private @Nullable FragmentEntry best;

  FragmentSearch(LogReader reader) {
    walk = new ExtentWalk(reader);
  }

  /** Answers of a range query in number order. */
  CompletionStage<List<FragmentEntry>> range(FragmentQuery query) {
    FragmentNumber after = query.after();
    List<Extent> candidates =
        walk.holding(
            extent ->
                (after == null || max(extent).first() >= after.counter())
                    && time(query.axis(), max(extent)) >= query.fromNanos()
                    && time(query.axis(), min(extent)) <= query.toNanos());
    candidates.sort(Comparator.comparingLong(extent -> min(extent).first()));
    return Stages.map(
        walk.visit(
            candidates,
            extent -> full(query, extent),
            heads -> {
              for (Head head : heads) {
                FragmentEntry entry = FragmentRecord.entry(head);
                long time = time(query.axis(), FragmentRecord.marks(head));
                if (time >= query.fromNanos()
                    && time <= query.toNanos()
                    && (after == null || entry.number().compareTo(after) > 0)) {
                  found.add(entry);
                }
              }
              cut(query.limit());
            }),
        done -> List.copyOf(found));
  }

  /** Whether all later extents, this one included, only hold larger numbers than needed. */
  private boolean full(FragmentQuery query, Extent next) {
    return found.size() >= query.limit() && min(next).first() > found.getLast().number().counter();
  }

  private void cut(int limit) {
    found.sort(BY_NUMBER);
    if (found.size() > limit) {
      found.subList(limit, found.size()).clear();
    }
  }

  /** The fragment with the latest start at or before a time. */
  CompletionStage<Optional<FragmentEntry>> at(TimeAxis axis, long timeNanos) {
    List<Extent> candidates = walk.holding(extent -> time(axis, min(extent)) <= timeNanos);
    candidates.sort(
        Comparator.comparingLong((Extent extent) -> time(axis, max(extent))).reversed());
    return Stages.map(
        walk.visit(
            candidates,
            extent -> best != null && time(axis, max(extent)) < time(axis, best),
            heads -> {
              for (Head head : heads) {
                FragmentEntry entry = FragmentRecord.entry(head);
                if (time(axis, entry) <= timeNanos && later(axis, entry)) {
                  best = entry;
                }
              }
            }),
        done -> Optional.ofNullable(best));
  }

  private boolean later(TimeAxis axis, FragmentEntry entry) {
    FragmentEntry known = best;
    if (known == null) {
      return true;
    }
    int byTime = Long.compare(time(axis, entry), time(axis, known));
    return byTime > 0 || (byTime == 0 && entry.number().compareTo(known.number()) > 0);
  }

  /** The record of a number; null when there is none. */
  CompletionStage<@Nullable Head> head(FragmentNumber number) {
    List<Extent> candidates =
        walk.holding(
            extent ->
                min(extent).first() <= number.counter() && max(extent).first() >= number.counter());
    return Stages.map(
        walk.visit(
            candidates.reversed(),
            extent -> foundHead != null,
            heads -> {
              for (Head head : heads) {
                if (FragmentRecord.is(head, number)) {
                  foundHead = head;
                  return;
                }
              }
            }),
        done -> foundHead);
  }

  private static Marks min(Extent extent) {
    return Objects.requireNonNull(extent.min());
  }

  private static Marks max(Extent extent) {
    return Objects.requireNonNull(extent.max());
  }

  private static long time(TimeAxis axis, Marks marks) {
    return axis == TimeAxis.PRODUCER ? marks.second() : marks.third() * NANOS_PER_MILLI;
  }

  private static long time(TimeAxis axis, FragmentEntry entry) {
    return axis == TimeAxis.PRODUCER
        ? entry.producerTimeNanos()
        : entry.serverTimeMillis() * NANOS_PER_MILLI;
  }
}
