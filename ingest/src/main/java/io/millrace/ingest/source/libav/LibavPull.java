package io.millrace.ingest.source.libav;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.feed.FeedListener;
import io.millrace.ingest.feed.FeedOrigin;
import io.millrace.ingest.feed.Feeds;
import io.millrace.ingest.source.Puller;
import io.millrace.ingest.source.Source;
import io.millrace.ingest.source.worker.WorkerMessages.FrameRead;
import io.millrace.media.track.Track;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Brings the frames of one worker into the stream of its source. Lives on one event loop. */
final class LibavPull implements Puller.Pull, WorkerEvents, FeedListener {
  private record Waiting(FrameRead frame, long arrivalNanos, Runnable taken) {}

  private final Context context;
  private final Source source;
  private final Feeds feeds;
  private final ArrivalClock clock;
  private final Promise<String> ended = Promise.promise();

  /** Frames before the feed is open, or while the store is behind; the session bounds them. */
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  private final Set<Integer> declared = new HashSet<>();
  private @Nullable WorkerSession session;
  private @Nullable Feed feed;
  private @Nullable String over;
  private Feed.End why = Feed.End.CONNECTION_LOST;
  private volatile long frames;

  /**
   * @param errorNanos estimate of how late frames are dated
   */
  LibavPull(Context context, Source source, Feeds feeds, long errorNanos) {
    this.context = context;
    this.source = source;
    this.feeds = feeds;
    clock = new ArrivalClock(errorNanos);
  }

  void run(WorkerSession started) {
    session = started;
  }

  private void endSession(String reason) {
    WorkerSession running = session;
    if (running != null) {
      running.close(reason);
    }
  }

  @Override
  public Future<String> ended() {
    return ended.future();
  }

  @Override
  public long frames() {
    return frames;
  }

  @Override
  public boolean awaitsPeer() {
    WorkerSession running = session;
    return running != null && running.awaitsPeer();
  }

  @Override
  public void close(Feed.End reason) {
    why = reason;
    endSession("closed");
  }

  @Override
  public void began(List<Track> tracks, List<String> others, long heldNanos) {
    clock.held(heldNanos);
    feeds
        .open(context, source.stream(), FeedOrigin.LIBAV_PULL, source.name(), this)
        .onSuccess(opened -> opened(opened, tracks))
        .onFailure(failure -> endSession(String.valueOf(failure.getMessage())));
  }

  private void opened(Feed opened, List<Track> tracks) {
    feed = opened;
    for (Track track : tracks) {
      opened.track(track);
      declared.add(track.number());
    }
    drain();
    finishIfOver();
  }

  @Override
  public void frame(FrameRead frame, long arrivalNanos, Runnable taken) {
    waiting.add(new Waiting(frame, arrivalNanos, taken));
    drain();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written on one event loop only
  private void drain() {
    Feed into = feed;
    while (into != null && !into.isBehind()) {
      Waiting next = waiting.poll();
      if (next == null) {
        return;
      }
      FrameRead frame = next.frame();
      if (declared.contains(frame.track())) {
        frames++;
        into.frame(
            frame.track(),
            clock.date(frame.track(), frame.timeNanos(), next.arrivalNanos()),
            frame.keyframe(),
            frame.data());
      }
      next.taken().run();
    }
  }

  @Override
  public void ready() {
    drain();
    finishIfOver();
  }

  @Override
  public void closed(String reason) {
    why = Feed.End.SERVER_ENDED;
    waiting.clear();
    endSession(reason);
  }

  @Override
  public void ended(String reason) {
    over = reason;
    finishIfOver();
  }

  /** Ends the feed once what came before the end was taken. */
  private void finishIfOver() {
    String reason = over;
    Feed open = feed;
    if (reason == null || (open != null && !waiting.isEmpty() && !reason.equals("closed"))) {
      return;
    }
    if (open != null) {
      open.end(reason.equals("the source ended") ? Feed.End.SOURCE_ENDED : why);
    }
    ended.tryComplete(reason);
  }
}
