package io.millrace.playback.frame;

import io.millrace.media.mkv.MkvFragment;
import io.millrace.media.track.Frame;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.TrackType;
import io.millrace.playback.source.Nanos;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentQuery.TimeAxis;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The video frames of one fragment with absolute times.
 *
 * @param entry the fragment
 * @param track its first video track
 * @param frames those of the track in file order, their times as the container gives them
 * @param offsetNanos added to a container time gives producer time, epoch ns
 */
record FragmentVideo(FragmentEntry entry, Track track, List<Frame> frames, long offsetNanos) {

  /**
   * Reads a stored fragment; empty when it has no video.
   *
   * @throws IllegalStateException if the stored bytes are not a fragment
   */
  static Optional<FragmentVideo> of(FragmentEntry entry, ByteBuffer payload) {
    MkvFragment fragment;
    try {
      fragment = MkvFragment.parse(payload);
    } catch (MediaException e) {
      throw new IllegalStateException("stored fragment " + entry.number() + ": " + e, e);
    }
    return fragment.header().tracks().stream()
        .filter(track -> track.type() == TrackType.VIDEO)
        .findFirst()
        .map(
            track ->
                new FragmentVideo(
                    entry,
                    track,
                    fragment.frames().stream()
                        .filter(frame -> frame.trackNumber() == track.number())
                        .toList(),
                    entry.producerTimeNanos() - fragment.clusterTimecodeNanos()))
        .filter(video -> !video.frames.isEmpty());
  }

  /** Producer time of a frame, epoch ns. */
  long producerNanos(Frame frame) {
    return frame.ptsNanos() + offsetNanos;
  }

  /** Time of a frame on a clock: server time runs from the arrival of the fragment. */
  long timeNanos(Frame frame, TimeAxis axis) {
    long producer = producerNanos(frame);
    return axis == TimeAxis.PRODUCER
        ? producer
        : producer - entry.producerTimeNanos() + entry.serverTimeMillis() * Nanos.PER_MILLI;
  }

  /** The last frame that begins at or before an instant; empty when all begin later. */
  Optional<Frame> at(TimeAxis axis, long nanos) {
    return frames.stream()
        .filter(frame -> timeNanos(frame, axis) <= nanos)
        .max(Comparator.comparingLong(Frame::ptsNanos));
  }

  Frame last() {
    return frames.stream().max(Comparator.comparingLong(Frame::ptsNanos)).orElseThrow();
  }

  /**
   * What a decoder needs for some frames: for each the run from the keyframe it depends on, without
   * the groups of pictures of which nothing is wanted. Empty when a frame depends on a keyframe
   * that is not in this fragment.
   */
  List<AccessUnit> unitsFor(Set<Frame> wanted) {
    boolean[] needed = new boolean[frames.size()];
    for (int i = 0; i < frames.size(); i++) {
      if (wanted.contains(frames.get(i))) {
        int key = keyframeOf(i);
        if (key < 0) {
          return List.of();
        }
        Arrays.fill(needed, key, i + 1, true);
      }
    }
    List<AccessUnit> units = new ArrayList<>();
    for (int i = 0; i < needed.length; i++) {
      if (needed[i]) {
        Frame frame = frames.get(i);
        units.add(new AccessUnit(frame.ptsNanos(), wanted.contains(frame), frame.data()));
      }
    }
    return units;
  }

  /** A frame shown before the keyframe it follows in the file depends on the one before as well. */
  private int keyframeOf(int index) {
    long pts = frames.get(index).ptsNanos();
    for (int i = index; i >= 0; i--) {
      if (frames.get(i).keyframe() && frames.get(i).ptsNanos() <= pts) {
        return i;
      }
    }
    return -1;
  }
}
