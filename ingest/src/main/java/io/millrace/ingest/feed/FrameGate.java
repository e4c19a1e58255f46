package io.millrace.ingest.feed;

import io.millrace.ingest.fragmenter.FragmentListener;
import io.millrace.ingest.fragmenter.GopFragmenter;
import io.millrace.ingest.metrics.IngestMetrics;
import io.millrace.ingest.producer.GapRecorder;
import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.media.track.Frame;
import io.millrace.media.track.GapReason;
import io.millrace.media.track.Track;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides which frames of a feed go into which fragment: from the first keyframe on, with the
 * tracks that send by then, on one time line, with a new fragment wherever the decoder setup, the
 * tracks or the clock change or a hole opens. Not thread-safe.
 */
final class FrameGate {
  private static final String APPLICATION = "millrace";

  private final FeedSettings settings;
  private final GapRecorder gaps;
  private final IngestMetrics.Stream metrics;
  private final FragmentListener listener;
  private final Map<Integer, FeedTrack> tracks = new TreeMap<>();

  /** First frames, while other tracks are waited for. */
  private final Deque<Held> held = new ArrayDeque<>();

  private long heldBytes;
  private long heldSinceNanos;

  /** Tracks of the fragments now. */
  private List<Track> format = List.of();

  private @Nullable GopFragmenter fragmenter;

  /** The track that fragments are cut by. */
  private @Nullable FeedTrack leading;

  /** Whether pictures are dropped until a keyframe. */
  private boolean paused;

  /** End of the newest stretch known to be lost, epoch ns. */
  private long lostToNanos = Long.MIN_VALUE;

  /** What is missing before the next frame, whose time may move; told with it. */
  private @Nullable Loss untold;

  private record Held(FeedTrack track, CaptureTime time, boolean keyframe, ByteBuffer data) {}

  /** A stretch of a track's time line. */
  private record Loss(FeedTrack track, long from, long to, int packets, String reason) {}

  FrameGate(
      FeedSettings settings,
      GapRecorder gaps,
      IngestMetrics.Stream metrics,
      FragmentListener listener) {
    this.settings = settings;
    this.gaps = gaps;
    this.metrics = metrics;
    this.listener = listener;
  }

  void declare(Track track) {
    if (tracks.size() == settings.maxTracks()) {
      throw new IllegalArgumentException("more than %d tracks".formatted(settings.maxTracks()));
    }
    if (tracks.putIfAbsent(track.number(), new FeedTrack(track)) != null) {
      throw new IllegalArgumentException("track %d is declared twice".formatted(track.number()));
    }
  }

  private FeedTrack known(int trackNumber) {
    FeedTrack track = tracks.get(trackNumber);
    if (track == null) {
      throw new IllegalArgumentException("track %d was not declared".formatted(trackNumber));
    }
    return track;
  }

  /**
   * Takes a frame; its data is borrowed.
   *
   * @throws io.millrace.ingest.fragmenter.FragmentRefused if no fragment can hold it
   */
  void frame(int trackNumber, CaptureTime time, boolean keyframe, ByteBuffer data) {
    FeedTrack track = known(trackNumber);
    boolean first = !track.seen();
    String refusal = track.admit(keyframe, data);
    if (refusal != null) {
      metrics.droppedFrames().increment();
      if (keyframe) {
        gaps.add(GapReason.DECODE_TROUBLE, time.epochNanos(), time.epochNanos(), 1, refusal);
      }
      return;
    }
    if (paused && track.isVideo()) {
      if (!keyframe) {
        metrics.droppedFrames().increment();
        return;
      }
      paused = false;
    }
    if (fragmenter == null) {
      hold(new Held(track, time, keyframe, copy(data)));
    } else if (first && !track.isVideo() && leading != null) {
      // Late sound joins at the next keyframe: cutting a group of pictures for it would cost more.
      metrics.droppedFrames().increment();
    } else {
      store(track, time, keyframe, data);
    }
  }

  private static ByteBuffer copy(ByteBuffer data) {
    return ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip();
  }

  private void hold(Held frame) {
    long now = System.nanoTime();
    if (held.isEmpty()) {
      heldSinceNanos = now;
    }
    held.add(frame);
    heldBytes += frame.data().remaining();
    boolean all = tracks.values().stream().allMatch(FeedTrack::seen);
    if (all
        || heldBytes > settings.maxHeldBytes()
        || now - heldSinceNanos >= settings.trackWait().toNanos()) {
      release();
    }
  }

  private void release() {
    heldBytes = 0;
    for (Held frame = held.poll(); frame != null; frame = held.poll()) {
      store(frame.track(), frame.time(), frame.keyframe(), frame.data());
    }
  }

  private void store(FeedTrack track, CaptureTime time, boolean keyframe, ByteBuffer data) {
    long pts = track.timeline(time);
    boolean cuts = keyframe && leads(track);
    if (cuts) {
      long before = pts;
      boolean jumped = tracks.values().stream().anyMatch(FeedTrack::hasJump);
      pts = acceptMoves(track, time);
      tell(jumped ? 0 : pts - before, before);
    } else {
      tell(0, pts);
    }
    GopFragmenter into = atNewFormat(track, cuts);
    if (into == null) {
      metrics.droppedFrames().increment();
      return;
    }
    if (leads(track)) {
      lookForHole(track, into, pts);
      into.clock(track.source(), track.errorNanos());
    }
    track.took(pts);
    into.add(new Frame(track.track().number(), pts, 0, keyframe, data));
  }

  private boolean leads(FeedTrack track) {
    return leading == null || track == leading;
  }

  /** Whether a frame of a track begins a fragment. */
  boolean leads(int trackNumber, boolean keyframe) {
    FeedTrack track = known(trackNumber);
    return keyframe && (track.isVideo() || leading == null);
  }

  /** The fragmenter with the tracks of now; null when the frame must wait for a keyframe. */
  private @Nullable GopFragmenter atNewFormat(FeedTrack track, boolean cuts) {
    GopFragmenter open = fragmenter;
    if (open == null || cuts) {
      List<Track> wanted = new ArrayList<>();
      FeedTrack firstVideo = null;
      for (FeedTrack each : tracks.values()) {
        if (each.seen()) {
          wanted.add(each.track());
          firstVideo = firstVideo == null && each.isVideo() ? each : firstVideo;
        }
      }
      leading = firstVideo;
      if (open == null) {
        open = new GopFragmenter(settings.gop(), wanted, APPLICATION, listener);
        fragmenter = open;
      } else if (!wanted.equals(format)) {
        open.tracks(wanted);
      }
      format = wanted;
    }
    for (int i = 0; i < format.size(); i++) {
      if (format.get(i).number() == track.track().number()) {
        return open;
      }
    }
    return null;
  }

  /** A new clock of any track takes effect at a keyframe; if it jumped, in a new fragment. */
  private long acceptMoves(FeedTrack track, CaptureTime time) {
    boolean jumped = false;
    long moved = 0;
    for (FeedTrack each : tracks.values()) {
      boolean jump = each.hasJump();
      long by = each.acceptMove(time);
      if (jump) {
        jumped = true;
        moved = each == track || moved == 0 ? by : moved;
      }
    }
    long now = track.timeline(time.epochNanos());
    if (!jumped) {
      return now;
    }
    metrics.clockJumps().increment();
    if (fragmenter != null) {
      fragmenter.clockJumped();
    }
    gaps.add(
        GapReason.CLOCK_JUMP,
        now,
        now,
        0,
        "the clock moved by %+.3f s, now from %s".formatted(moved / 1e9, time.source()));
    return now;
  }

  /** A long distance between two pictures ends the fragment, so that the index shows the hole. */
  private void lookForHole(FeedTrack track, GopFragmenter into, long pts) {
    if (track.lastPtsNanos() == Long.MIN_VALUE) {
      return;
    }
    long end = track.lastPtsNanos() + track.intervalNanos();
    long limit = Math.max(settings.gapAfter().toNanos(), 4 * track.intervalNanos());
    if (pts - end <= limit) {
      return;
    }
    into.end();
    if (lostToNanos < pts - limit) {
      gaps.add(GapReason.NO_PRODUCER, end, pts, 0, "the source sent nothing");
    }
  }

  /** Frames of a track are missing. */
  void lost(int trackNumber, long fromNanos, long toNanos, int packets, String reason) {
    FeedTrack track = known(trackNumber);
    long from = track.timeline(fromNanos);
    long end = track.timeline(toNanos);
    // A hole up to where the clock was set back ends before it began by the new clock.
    long to = end < from ? from + (toNanos - fromNanos) : end;
    tell(0, from);
    untold = new Loss(track, from, to, packets, reason);
    if (fragmenter != null) {
      fragmenter.lossy();
    }
  }

  /**
   * Tells what is missing before a frame.
   *
   * @param movedNanos how much the frame moves because its track's clock is another from there on
   * @param atNanos where the frame would lie without
   */
  private void tell(long movedNanos, long atNanos) {
    Loss loss = untold;
    if (loss == null) {
      return;
    }
    untold = null;
    long to = loss.to() >= atNanos ? loss.to() + movedNanos : loss.to();
    FeedTrack track = loss.track();
    gaps.add(
        loss.packets() > 0 ? GapReason.PACKET_LOSS : GapReason.DECODE_TROUBLE,
        !leads(track),
        loss.from(),
        Math.max(loss.from(), to),
        loss.packets(),
        "track %d (%s): %s"
            .formatted(track.track().number(), track.track().codecId(), loss.reason()));
    if (leads(track)) {
      lostToNanos = Math.max(lostToNanos, to);
    }
  }

  /** Frames are dropped from here on; pictures go on at a keyframe, in a new fragment. */
  void pause() {
    paused = true;
    if (fragmenter != null) {
      fragmenter.end();
    }
  }

  /** Bytes of frames that wait or are in an open fragment. */
  long heldBytes() {
    GopFragmenter open = fragmenter;
    return heldBytes + (open == null ? 0 : open.heldBytes());
  }

  /** The source is gone: completes the open fragment and says why nothing follows. */
  void end(GapReason reason, String detail) {
    if (!held.isEmpty()) {
      release();
    }
    tell(0, Long.MAX_VALUE);
    GopFragmenter open = fragmenter;
    if (open != null) {
      open.end();
    }
    long last = Long.MIN_VALUE;
    for (FeedTrack track : tracks.values()) {
      if (track.lastPtsNanos() != Long.MIN_VALUE && (track.isVideo() || leading == null)) {
        last = Math.max(last, track.lastPtsNanos() + track.intervalNanos());
      }
    }
    if (last != Long.MIN_VALUE) {
      gaps.add(reason, last, last, 0, detail);
    }
  }
}
