package io.millrace.playback.frame;

import io.millrace.media.track.Frame;
import io.millrace.playback.source.EntryTimes;
import io.millrace.playback.source.SourceStream;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.FragmentQuery;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Finds the frame on display at an instant: the one with the latest presentation time at or before
 * it, if its fragment, or the next one that follows without a hole, shows that it was still on.
 */
final class FrameFinder {
  private static final int AFTER_CANDIDATES = 16;

  private final long toleranceNanos;

  FrameFinder(Duration gapTolerance) {
    this.toleranceNanos = gapTolerance.toNanos();
  }

  CompletionStage<ShownFrame> at(SourceStream stream, TimeAxis axis, long nanos) {
    FragmentLog log = stream.log();
    return log.at(axis, nanos)
        .thenCompose(
            entry -> {
              if (entry.isEmpty()) {
                return gap(log, axis, nanos, Optional.empty());
              }
              if (nanos < EntryTimes.endNanos(entry.get(), axis)) {
                return within(log, axis, nanos, entry.get());
              }
              return after(log, axis, nanos, entry.get());
            });
  }

  /** The newest frame stored. */
  CompletionStage<ShownFrame> newest(SourceStream stream) {
    List<FragmentEntry> newest = stream.log().newest(1);
    return newest.isEmpty()
        ? CompletableFuture.completedFuture(
            new ShownFrame.Gap(OptionalLong.empty(), OptionalLong.empty()))
        : stream
            .log()
            .read(newest.getFirst())
            .thenApply(payload -> last(FragmentVideo.of(newest.getFirst(), payload)));
  }

  private static ShownFrame last(Optional<FragmentVideo> video) {
    return video
        .<ShownFrame>map(found -> new ShownFrame.Found(found, found.last()))
        .orElse(new ShownFrame.NoVideo());
  }

  private CompletionStage<ShownFrame> within(
      FragmentLog log, TimeAxis axis, long nanos, FragmentEntry entry) {
    return log.read(entry)
        .thenCompose(
            payload -> {
              Optional<FragmentVideo> video = FragmentVideo.of(entry, payload);
              if (video.isEmpty()) {
                return CompletableFuture.completedFuture(new ShownFrame.NoVideo());
              }
              Optional<Frame> frame = video.get().at(axis, nanos);
              return frame.isPresent()
                  ? CompletableFuture.completedFuture(
                      new ShownFrame.Found(video.get(), frame.get()))
                  : lastOfPrevious(log, axis, nanos, entry);
            });
  }

  /** Sound may begin before the first picture: until then the previous fragment's last is on. */
  private CompletionStage<ShownFrame> lastOfPrevious(
      FragmentLog log, TimeAxis axis, long nanos, FragmentEntry entry) {
    long start = EntryTimes.startNanos(entry, axis);
    return log.at(axis, start - 1)
        .thenCompose(
            previous ->
                previous.isPresent()
                        && EntryTimes.endNanos(previous.get(), axis) + toleranceNanos >= start
                    ? lastOf(log, previous.get())
                    : gap(log, axis, nanos, previous));
  }

  private static CompletionStage<ShownFrame> lastOf(FragmentLog log, FragmentEntry entry) {
    return log.read(entry).thenApply(payload -> last(FragmentVideo.of(entry, payload)));
  }

  /** Behind the end of a fragment: shown through a hole that is only rounding. */
  private CompletionStage<ShownFrame> after(
      FragmentLog log, TimeAxis axis, long nanos, FragmentEntry entry) {
    long end = EntryTimes.endNanos(entry, axis);
    if (nanos - end > toleranceNanos) {
      return gap(log, axis, nanos, Optional.of(entry));
    }
    return log.find(new FragmentQuery(axis, nanos, end + toleranceNanos, null, 1))
        .thenCompose(
            next ->
                next.isEmpty() ? gap(log, axis, nanos, Optional.of(entry)) : lastOf(log, entry));
  }

  private static CompletionStage<ShownFrame> gap(
      FragmentLog log, TimeAxis axis, long nanos, Optional<FragmentEntry> before) {
    return log.find(new FragmentQuery(axis, nanos, Long.MAX_VALUE, null, AFTER_CANDIDATES))
        .thenApply(
            later ->
                new ShownFrame.Gap(
                    before.isPresent()
                        ? OptionalLong.of(EntryTimes.endNanos(before.get(), axis))
                        : OptionalLong.empty(),
                    later.stream().mapToLong(entry -> EntryTimes.startNanos(entry, axis)).min()));
  }
}
