package io.millrace.ingest.fragmenter;

import io.millrace.media.mkv.FrameEvent;
import io.millrace.media.mkv.MkvHeader;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.TrackType;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Counts and times of the frames of the open fragment, by track; allocates nothing per frame. */
final class FrameTally {
  private final MkvHeader header;
  private final int[] counts;
  private final long[] firstPts;
  private final long[] lastPts;
  private final long[] lastDuration;

  /** Mean distance of frames in the fragment before, for fragments with a single frame. */
  private final long[] knownInterval;

  private boolean startsWithKeyframe;
  private boolean annexB;

  FrameTally(MkvHeader header) {
    this.header = header;
    int tracks = header.tracks().size();
    counts = new int[tracks];
    firstPts = new long[tracks];
    lastPts = new long[tracks];
    lastDuration = new long[tracks];
    knownInterval = new long[tracks];
  }

  void reset() {
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 1) {
        knownInterval[i] = (lastPts[i] - firstPts[i]) / (counts[i] - 1);
      }
    }
    Arrays.fill(counts, 0);
    startsWithKeyframe = true;
    annexB = false;
  }

  /**
   * @throws FragmentRefused TRACK_NUMBER_MISMATCH
   */
  void add(FrameEvent frame) {
    add(
        frame.trackNumber(),
        frame.ptsNanos(),
        frame.durationNanos(),
        frame.keyframe(),
        frame.data());
  }

  /**
   * The same for a frame in parts.
   *
   * @param start its first four bytes or more; borrowed
   */
  void add(int trackNumber, long pts, long durationNanos, boolean keyframe, ByteBuffer start) {
    int slot = slot(trackNumber);
    if (counts[slot] == 0) {
      firstPts[slot] = pts;
      lastPts[slot] = pts;
      lastDuration[slot] = durationNanos;
      Track track = header.tracks().get(slot);
      if (track.type() == TrackType.VIDEO) {
        startsWithKeyframe &= keyframe;
        annexB |= hasStartCode(start) && isH26x(track.codecId());
      }
    } else if (pts >= lastPts[slot]) {
      lastPts[slot] = pts;
      lastDuration[slot] = durationNanos;
    } else if (pts < firstPts[slot]) {
      firstPts[slot] = pts;
    }
    counts[slot]++;
  }

  private int slot(int trackNumber) {
    for (int i = 0; i < counts.length; i++) {
      if (header.tracks().get(i).number() == trackNumber) {
        return i;
      }
    }
    throw new FragmentRefused(
        IngestError.TRACK_NUMBER_MISMATCH, "a frame of track " + trackNumber + ", not in Tracks");
  }

  private static boolean isH26x(String codecId) {
    return codecId.equals("V_MPEG4/ISO/AVC") || codecId.equals("V_MPEGH/ISO/HEVC");
  }

  private static boolean hasStartCode(ByteBuffer data) {
    if (data.remaining() < 4) {
      return false;
    }
    int head = data.getInt(data.position());
    return head == 1 || head >>> 8 == 1;
  }

  /** Number of a declared track without a frame, or -1. */
  int missingTrack() {
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] == 0) {
        return header.tracks().get(i).number();
      }
    }
    return -1;
  }

  int frames() {
    int all = 0;
    for (int count : counts) {
      all += count;
    }
    return all;
  }

  /** Latest presentation time of any frame, or the given time where there is none. */
  long lastPts(long ifNone) {
    long latest = ifNone;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        latest = Math.max(latest, lastPts[i]);
      }
    }
    return latest;
  }

  /** How long after the Cluster's timecode the first picture is shown, as the flags keep it. */
  int firstPictureMillis(long timecodeNanos) {
    long first = Long.MAX_VALUE;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0 && header.tracks().get(i).type() == TrackType.VIDEO) {
        first = Math.min(first, firstPts[i]);
      }
    }
    if (first == Long.MAX_VALUE) {
      return 0;
    }
    long millis = Math.round((first - timecodeNanos) / 1e6);
    return Math.clamp(millis, Short.MIN_VALUE, Short.MAX_VALUE);
  }

  /**
   * Where the last picture in presentation order ends; without video the last frame; without frames
   * the given time. Sound that reaches over into the next fragment does not count, or every
   * fragment would seem to overlap the next.
   */
  long endNanos(long ifNone) {
    boolean video = has(TrackType.VIDEO);
    long end = ifNone;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0 && (!video || header.tracks().get(i).type() == TrackType.VIDEO)) {
        end = Math.max(end, lastPts[i] + frameDuration(i));
      }
    }
    return end;
  }

  private long frameDuration(int slot) {
    if (lastDuration[slot] > 0) {
      return lastDuration[slot];
    }
    // What was measured is believed before what was declared: cameras declare rates they do not
    // keep.
    if (counts[slot] > 1) {
      return (lastPts[slot] - firstPts[slot]) / (counts[slot] - 1);
    }
    long declared = header.tracks().get(slot).defaultDurationNanos();
    return declared > 0 ? declared : knownInterval[slot];
  }

  boolean has(TrackType type) {
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0 && header.tracks().get(i).type() == type) {
        return true;
      }
    }
    return false;
  }

  boolean startsWithKeyframe() {
    return startsWithKeyframe;
  }

  boolean annexB() {
    return annexB;
  }
}
