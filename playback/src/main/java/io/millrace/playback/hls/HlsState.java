package io.millrace.playback.hls;

import io.millrace.media.mkv.FragmentTraits;
import io.millrace.playback.session.PlaybackMode;
import io.millrace.playback.session.SessionSpec;
import io.millrace.playback.source.Nanos;
import io.millrace.playback.source.SourceStream;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentQuery;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What one HLS session keeps between two requests. Thread-safe. */
final class HlsState {
  /** A list of fragments as a playlist shows it. */
  record Listing(
      List<ListedFragment> fragments,
      long mediaSequence,
      long discontinuitySequence,
      long targetSeconds,
      boolean ended) {}

  /** How many of the fragments to come a replay looks up at once. */
  private static final int REPLAY_LOOK_AHEAD = 64;

  private final SessionSpec spec;
  private final boolean showTimes;
  private final Breaks breaks;
  private final SessionFormats formats;
  private final LiveWindow window;
  private boolean pictures;
  private long targetSeconds = 1;
  private long replayBeganMillis = -1;

  HlsState(SessionSpec spec, boolean showTimes, DiscontinuityMode mode, HlsSettings settings) {
    this.spec = spec;
    this.showTimes = showTimes;
    this.breaks = new Breaks(mode, settings.gapTolerance());
    this.formats = new SessionFormats(settings.formatsPerSession());
    this.window =
        new LiveWindow(
            spec.maxFragments(), spec.axis(), breaks, formats, settings.rememberedTimes());
  }

  /** Whether playlists carry program date times. */
  boolean showTimes() {
    return showTimes;
  }

  synchronized FragmentEntry formatExample(int place) {
    return formats.example(place);
  }

  /** What the playlists of this session show now; fails as the store does. */
  CompletionStage<Listing> list(SourceStream stream, long nowMillis) {
    return switch (spec.mode()) {
      case LIVE -> CompletableFuture.completedFuture(stream).thenApply(this::live);
      case LIVE_REPLAY -> replay(stream, nowMillis);
      case ON_DEMAND ->
          stream
              .log()
              .find(
                  new FragmentQuery(
                      spec.axis(), spec.fromNanos(), spec.toNanos(), null, spec.maxFragments()))
              .thenApply(this::onDemand);
    };
  }

  private synchronized Listing live(SourceStream stream) {
    List<FragmentEntry> newest = stream.log().newest(spec.maxFragments());
    lookForPictures(newest);
    newest.forEach(this::addOrPass);
    return windowListing();
  }

  private CompletionStage<Listing> replay(SourceStream stream, long nowMillis) {
    FragmentQuery query;
    synchronized (this) {
      if (replayBeganMillis < 0) {
        replayBeganMillis = nowMillis;
      }
      int missing = window.full() ? REPLAY_LOOK_AHEAD : spec.maxFragments();
      query =
          new FragmentQuery(spec.axis(), spec.fromNanos(), spec.toNanos(), window.seen(), missing);
    }
    return stream.log().find(query).thenApply(next -> replayed(next, nowMillis));
  }

  private synchronized Listing replayed(List<FragmentEntry> next, long nowMillis) {
    long playedNanos = (nowMillis - replayBeganMillis) * Nanos.PER_MILLI;
    lookForPictures(next);
    for (FragmentEntry entry : next) {
      if (window.full() && window.firstPlayedNanos() > playedNanos) {
        break;
      }
      addOrPass(entry);
    }
    return windowListing();
  }

  private void addOrPass(FragmentEntry entry) {
    if (shows(entry)) {
      window.add(entry);
    } else {
      window.pass(entry);
    }
  }

  private void lookForPictures(List<FragmentEntry> found) {
    pictures |= found.stream().anyMatch(HlsState::hasPictures);
  }

  /**
   * Fragments of sound alone are left out once there are pictures: a camera's sound may come before
   * its first keyframe, and a player keeps to the tracks that it began with.
   */
  private boolean shows(FragmentEntry entry) {
    return !pictures || hasPictures(entry);
  }

  private static boolean hasPictures(FragmentEntry entry) {
    return FragmentTraits.of(entry.flags()).hasVideo();
  }

  private Listing windowListing() {
    List<ListedFragment> listed = window.listed();
    return new Listing(
        listed, window.mediaSequence(), window.discontinuitySequence(), target(listed), false);
  }

  private synchronized Listing onDemand(List<FragmentEntry> found) {
    lookForPictures(found);
    List<ListedFragment> listed = new ArrayList<>(found.size());
    FragmentEntry previous = null;
    for (FragmentEntry entry : ordered(found.stream().filter(this::shows).toList())) {
      listed.add(new ListedFragment(entry, breaks.before(previous, entry), formats.placeOf(entry)));
      previous = entry;
    }
    return new Listing(listed, 0, 0, target(listed), true);
  }

  /** By producer time the larger number of equal times wins and the list is in time order. */
  private List<FragmentEntry> ordered(List<FragmentEntry> found) {
    if (spec.axis() == TimeAxis.SERVER || spec.mode() != PlaybackMode.ON_DEMAND) {
      return found;
    }
    Map<Long, FragmentEntry> byTime = new HashMap<>();
    for (FragmentEntry entry : found) {
      byTime.merge(
          entry.producerTimeNanos(), entry, (a, b) -> a.number().compareTo(b.number()) > 0 ? a : b);
    }
    return byTime.values().stream()
        .sorted(Comparator.comparingLong(FragmentEntry::producerTimeNanos))
        .toList();
  }

  /** Never falls within a session, since players pace their reloads by it. */
  private long target(List<ListedFragment> listed) {
    for (ListedFragment fragment : listed) {
      targetSeconds =
          Math.max(
              targetSeconds,
              Math.round(fragment.entry().durationNanos() / (double) Nanos.PER_SECOND));
    }
    return targetSeconds;
  }
}
