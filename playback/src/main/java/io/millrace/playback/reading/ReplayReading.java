package io.millrace.playback.reading;

import io.millrace.media.mkv.FragmentTraits;
import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.track.Frame;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.playback.source.EntryTimes;
import io.millrace.store.StoreException;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.FragmentNumber;
import io.millrace.store.fragment.FragmentQuery;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads stored fragments of a time range, one in memory at a time. */
final class ReplayReading implements Reading {
  private static final int PAGE = 100;

  private final FragmentLog log;
  private final Context context;
  private final long startNanos;
  private final long endNanos;
  private final long gapToleranceNanos;
  private final Runnable onClose;
  private final TrackSetups setups = new TrackSetups();
  private final Queue<FragmentEntry> entries = new ArrayDeque<>();
  private final Queue<ReadFrame> frames = new ArrayDeque<>();
  private List<Track> tracks = List.of();
  private @Nullable FragmentNumber last;
  private boolean first = true;
  private boolean lastPage;
  private boolean gap;
  private long reachedNanos = Long.MIN_VALUE;
  private boolean closed;

  /**
   * @param onClose runs once when the reading ends
   */
  ReplayReading(
      FragmentLog log,
      Context context,
      long startNanos,
      long endNanos,
      ReadingSettings settings,
      Runnable onClose) {
    this.log = log;
    this.context = context;
    this.startNanos = startNanos;
    this.endNanos = endNanos;
    this.gapToleranceNanos = settings.gapTolerance().toNanos();
    this.onClose = onClose;
  }

  /** Finds the beginning; completes with whether there is anything in the range. */
  Future<Boolean> open() {
    return onContext(log.at(TimeAxis.PRODUCER, startNanos))
        .compose(
            found -> {
              found
                  .filter(entry -> EntryTimes.endNanos(entry, TimeAxis.PRODUCER) > startNanos)
                  .ifPresent(
                      entry -> {
                        entries.add(entry);
                        last = entry.number();
                      });
              return fill();
            })
        .map(
            filled -> {
              tracks = setups.playable();
              return !frames.isEmpty();
            });
  }

  private <T> Future<T> onContext(CompletionStage<T> stage) {
    return Future.fromCompletionStage(stage, context);
  }

  @Override
  public List<Track> tracks() {
    return tracks;
  }

  @Override
  public Future<@Nullable ReadFrame> next() {
    ReadFrame ready = frames.poll();
    if (ready != null || closed) {
      return Future.succeededFuture(ready);
    }
    return fill().map(filled -> closed ? null : frames.poll());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      frames.clear();
      onClose.run();
    }
  }

  /** Reads on until there are frames or the range is over. */
  private Future<Void> fill() {
    if (closed || !frames.isEmpty()) {
      return Future.succeededFuture();
    }
    FragmentEntry entry = entries.poll();
    if (entry != null) {
      return onContext(log.read(entry))
          .map(
              payload -> {
                take(entry, payload);
                return true;
              })
          .recover(failure -> missing(failure))
          .compose(taken -> fill());
    }
    if (lastPage) {
      return Future.succeededFuture();
    }
    return onContext(
            log.find(new FragmentQuery(TimeAxis.PRODUCER, startNanos, endNanos, last, PAGE)))
        .compose(
            found -> {
              lastPage = found.size() < PAGE;
              entries.addAll(found);
              if (!found.isEmpty()) {
                last = found.getLast().number();
              }
              return fill();
            });
  }

  /** What retention dropped meanwhile is a gap; other faults are told. */
  private Future<Boolean> missing(Throwable failure) {
    if (failure instanceof StoreException store && store.kind() == StoreException.Kind.GONE) {
      gap = true;
      return Future.succeededFuture(false);
    }
    return Future.failedFuture(failure);
  }

  private void take(FragmentEntry entry, ByteBuffer payload) {
    MkvFragment fragment;
    try {
      fragment = MkvFragment.parse(payload);
    } catch (MediaException e) {
      gap = true;
      return;
    }
    long start = EntryTimes.startNanos(entry, TimeAxis.PRODUCER);
    boolean hole = reachedNanos != Long.MIN_VALUE && start - reachedNanos > gapToleranceNanos;
    gap |= hole || (!first && FragmentTraits.of(entry.flags()).firstOfSession());
    reachedNanos = EntryTimes.endNanos(entry, TimeAxis.PRODUCER);
    setups.header(fragment.header());
    List<Frame> all = fragment.frames();
    long offsetNanos = entry.producerTimeNanos() - fragment.clusterTimecodeNanos();
    int end = endIndex(all, offsetNanos);
    for (int i = first ? startIndex(all, offsetNanos) : 0; i < end; i++) {
      Frame frame = all.get(i);
      ReadFrame read =
          setups.frame(
              frame.trackNumber(),
              frame.ptsNanos() + offsetNanos,
              frame.keyframe(),
              gap,
              frame.data());
      if (read != null) {
        gap = false;
        frames.add(read);
      }
    }
    first = false;
  }

  /** The latest keyframe of a picture track that is not after the start. */
  private int startIndex(List<Frame> all, long offsetNanos) {
    int index = 0;
    for (int i = 0; i < all.size(); i++) {
      Frame frame = all.get(i);
      if (frame.keyframe()
          && frame.ptsNanos() + offsetNanos <= startNanos
          && setups.isVideo(frame.trackNumber())) {
        index = i;
      }
    }
    return index;
  }

  /** Behind the last frame, in decode order, that is shown up to the end. */
  private int endIndex(List<Frame> all, long offsetNanos) {
    for (int i = all.size(); i > 0; i--) {
      if (all.get(i - 1).ptsNanos() + offsetNanos <= endNanos) {
        return i;
      }
    }
    return 0;
  }
}
