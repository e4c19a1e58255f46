package io.millrace.playback.hls;

import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentNumber;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sliding list of a LIVE or LIVE_REPLAY session. Fragments are only added at its end and taken
 * from its start, so media sequence numbers hold across reloads. Not thread-safe.
 */
final class LiveWindow {
  private final Deque<ListedFragment> listed = new ArrayDeque<>();
  private final Set<Long> producerTimes = new LinkedHashSet<>();
  private final int limit;
  private final int rememberedTimes;
  private final boolean dropRepeated;
  private final Breaks breaks;
  private final SessionFormats formats;
  private @Nullable FragmentEntry last;
  private @Nullable FragmentNumber seen;
  private long mediaSequence;
  private long discontinuitySequence;
  private long elapsedNanos;

  LiveWindow(int limit, TimeAxis axis, Breaks breaks, SessionFormats formats, int rememberedTimes) {
    this.limit = limit;
    this.dropRepeated = axis == TimeAxis.PRODUCER;
    this.breaks = breaks;
    this.formats = formats;
    this.rememberedTimes = rememberedTimes;
  }

  /** Adds a fragment if it is newer than all seen; a repeated producer time is passed over. */
  void add(FragmentEntry entry) {
    if (seen != null && seen.compareTo(entry.number()) >= 0) {
      return;
    }
    seen = entry.number();
    if (dropRepeated && !producerTimes.add(entry.producerTimeNanos())) {
      return;
    }
    if (producerTimes.size() > rememberedTimes) {
      producerTimes.remove(producerTimes.iterator().next());
    }
    listed.add(new ListedFragment(entry, breaks.before(last, entry), formats.placeOf(entry)));
    last = entry;
    while (listed.size() > limit) {
      ListedFragment gone = listed.removeFirst();
      mediaSequence++;
      discontinuitySequence += gone.discontinuity() ? 1 : 0;
      elapsedNanos += gone.entry().durationNanos();
    }
  }

  /** Passes over a fragment that is not to be listed. */
  void pass(FragmentEntry entry) {
    if (seen == null || seen.compareTo(entry.number()) < 0) {
      seen = entry.number();
    }
  }

  /** Newest fragment looked at, null before the first. */
  @Nullable FragmentNumber seen() {
    return seen;
  }

  boolean full() {
    return listed.size() >= limit;
  }

  /** Media time at which the first listed fragment will have been played. */
  long firstPlayedNanos() {
    return elapsedNanos + (listed.isEmpty() ? 0 : listed.getFirst().entry().durationNanos());
  }

  long mediaSequence() {
    return mediaSequence;
  }

  long discontinuitySequence() {
    return discontinuitySequence;
  }

  List<ListedFragment> listed() {
    return new ArrayList<>(listed);
  }
}
