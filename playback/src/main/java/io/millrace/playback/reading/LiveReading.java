package io.millrace.playback.reading;

import io.millrace.media.mkv.FrameEvent;
import io.millrace.media.mkv.MkvDemuxer;
import io.millrace.media.mkv.MkvHeader;
import io.millrace.media.mkv.MkvListener;
import io.millrace.media.mkv.MkvSettings;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.store.fragment.FragmentNumber;
import io.millrace.store.fragment.LiveFragment;
import io.millrace.store.fragment.LiveFragments;
import io.millrace.store.fragment.LiveSubscription;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Follows the fragment that grows, frame by frame, without waiting for its end or the disk. */
final class LiveReading implements Reading {
  private final LiveFragments fragments;
  private final LiveSubscription subscription;
  private final Runnable onClose;
  private final TrackSetups setups = new TrackSetups();
  private final Queue<ReadFrame> frames = new ArrayDeque<>();
  private final Promise<Void> opened = Promise.promise();
  private @Nullable Following following;
  private @Nullable FragmentNumber last;
  private @Nullable Promise<@Nullable ReadFrame> waiting;
  private List<Track> tracks = List.of();

  /** Whether frames are left out until a keyframe, and whether something is missing before it. */
  private boolean atKeyframe = true;

  private boolean gap;
  private boolean closed;

  /**
   * @param onClose runs once when the reading ends
   */
  LiveReading(LiveFragments fragments, Context context, Runnable onClose) {
    this.fragments = fragments;
    this.onClose = onClose;
    subscription = fragments.subscribe(() -> context.runOnContext(changed -> look()));
  }

  /** Completes when the tracks are known. */
  Future<Void> opened() {
    look();
    return opened.future();
  }

  /** The tracks are those of an earlier fragment. */
  void knownTracks(List<Track> known) {
    tracks = known;
    opened.tryComplete();
  }

  @Override
  public List<Track> tracks() {
    return tracks;
  }

  @Override
  public Future<@Nullable ReadFrame> next() {
    if (closed) {
      return Future.succeededFuture(null);
    }
    ReadFrame ready = frames.poll();
    if (ready != null) {
      return Future.succeededFuture(ready);
    }
    Promise<@Nullable ReadFrame> promise = Promise.promise();
    waiting = promise;
    look();
    return promise.future();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    subscription.close();
    following = null;
    frames.clear();
    onClose.run();
    opened.tryFail(new IllegalStateException("the reading was closed"));
    Promise<@Nullable ReadFrame> open = waiting;
    waiting = null;
    if (open != null) {
      open.complete(null);
    }
  }

  /** Takes in what is new until there is a frame to give out. */
  private void look() {
    boolean more = !closed;
    while (more && frames.isEmpty()) {
      subscription.arm();
      more = step();
    }
    Promise<@Nullable ReadFrame> open = waiting;
    if (open != null && !frames.isEmpty()) {
      waiting = null;
      open.complete(frames.poll());
    }
  }

  private boolean step() {
    Following now = following == null ? begin() : following;
    if (now == null) {
      return false;
    }
    LiveFragment.View view = now.fragment.view();
    boolean readable = now.feed(view);
    if (!frames.isEmpty()) {
      return true;
    }
    if (view.state() == LiveFragment.State.GROWING && readable) {
      return false;
    }
    if (view.state() == LiveFragment.State.ABORTED || !readable) {
      lose();
    }
    last = now.fragment.number();
    following = null;
    return true;
  }

  private void lose() {
    gap = true;
    atKeyframe = true;
  }

  private @Nullable Following begin() {
    LiveFragment next = fragments.next(last);
    if (last == null) {
      for (LiveFragment later = next; later != null; later = fragments.next(later.number())) {
        next = later;
      }
    }
    if (next == null) {
      return null;
    }
    if (last != null && next.number().counter() != last.counter() + 1) {
      lose();
    }
    following = new Following(next);
    return following;
  }

  /** One fragment as far as it was read. */
  private final class Following implements MkvListener {
    private final LiveFragment fragment;
    private final MkvDemuxer demuxer = new MkvDemuxer(MkvSettings.LIVE, this);
    private ByteBuffer cluster = ByteBuffer.allocate(0);
    private int headBytes;
    private int fedBytes;
    private long offsetNanos;

    Following(LiveFragment fragment) {
      this.fragment = fragment;
    }

    /** Whether the fragment can be read so far. */
    boolean feed(LiveFragment.View view) {
      if (view.cluster().remaining() == fedBytes) {
        return true;
      }
      try {
        if (fedBytes == 0) {
          headBytes = view.head().remaining();
          demuxer.feed(view.head());
        }
        cluster = view.cluster();
        int from = fedBytes;
        fedBytes = cluster.remaining();
        demuxer.feed(cluster.slice(from, fedBytes - from));
        return true;
      } catch (MediaException e) {
        return false;
      }
    }

    @Override
    public void header(MkvHeader header, long endOffset) {
      setups.header(header);
    }

    @Override
    public void clusterStart(long offset, long timecode, long timecodeNanos) {
      offsetNanos = fragment.producerTimeNanos() - timecodeNanos;
    }

    @Override
    public void frame(FrameEvent event) {
      int at = (int) (event.dataOffset() - headBytes);
      ReadFrame frame =
          setups.frame(
              event.trackNumber(),
              event.ptsNanos() + offsetNanos,
              event.keyframe(),
              gap,
              cluster.slice(at, event.sizeBytes()));
      if (frame == null) {
        return;
      }
      if (!opened.future().isComplete() && setups.ready()) {
        tracks = setups.playable();
        opened.complete();
      }
      boolean video = setups.isVideo(event.trackNumber()) || !setups.hasVideo();
      if (atKeyframe && !(frame.keyframe() && video)) {
        return;
      }
      atKeyframe = false;
      gap = false;
      frames.add(frame);
    }
  }
}
