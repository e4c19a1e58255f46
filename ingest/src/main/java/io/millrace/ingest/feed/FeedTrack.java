package io.millrace.ingest.feed;

import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.media.codec.Codec;
import io.millrace.media.codec.InBandSetup;
import io.millrace.media.track.ClockSource;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.TrackType;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One track of a feed: its setup as far as it is known, and its times. Not thread-safe. */
final class FeedTrack {
  private Track track;
  private boolean seen;
  private long lastPtsNanos = Long.MIN_VALUE;
  private long intervalNanos;

  /** What is added to capture times until a new clock may take effect. */
  private long shiftNanos;

  private boolean jumped;
  private ClockSource source = ClockSource.SERVER;
  private long errorNanos;

  /** Where a move took effect last, by the clock of now, and what is added to times before. */
  private long acceptedNanos = Long.MIN_VALUE;

  private long acceptedShiftNanos;

  FeedTrack(Track track) {
    Track sized = track;
    try {
      sized = InBandSetup.withPicture(track);
    } catch (MediaException e) {
      // What the description says cannot be read; the frames will have to say it.
    }
    this.track = sized;
  }

  /** The track as it is now. */
  Track track() {
    return track;
  }

  boolean isVideo() {
    return track.type() == TrackType.VIDEO;
  }

  /** Whether a frame of it was good for storing. */
  boolean seen() {
    return seen;
  }

  /**
   * Whether a frame can be stored: pictures only from a keyframe with setup on.
   *
   * @return null if it can, else why not
   */
  @Nullable String admit(boolean keyframe, ByteBuffer data) {
    if (!isVideo()) {
      seen = true;
      return null;
    }
    if (!keyframe) {
      return seen ? null : "no keyframe yet";
    }
    String trouble = null;
    try {
      track = InBandSetup.apply(track, data);
    } catch (MediaException e) {
      trouble = e.getMessage();
    }
    if (InBandSetup.isMissing(track)) {
      return trouble == null ? nothingYet() : trouble;
    }
    seen = true;
    return null;
  }

  private String nothingYet() {
    return switch (Codec.of(track)) {
      case H264, H265 -> "no parameter sets yet";
      case AV1 -> "no sequence header yet";
      default -> "no decoder setup yet";
    };
  }

  /**
   * The time of a frame on the feed's present time line. Where times move, by a jump or because
   * another clock is used from here on, the old line goes on until {@link #acceptMove}.
   */
  long timeline(CaptureTime time) {
    if (lastPtsNanos != Long.MIN_VALUE) {
      if (time.movedNanos() != CaptureTime.UNKNOWN) {
        shiftNanos -= time.movedNanos();
        acceptedShiftNanos -= time.movedNanos();
        acceptedNanos += acceptedNanos == Long.MIN_VALUE ? 0 : time.movedNanos();
      } else if (time.jumped()) {
        shiftNanos = lastPtsNanos + intervalNanos - time.epochNanos();
        acceptedNanos = Long.MIN_VALUE;
      }
      jumped |= time.jumped();
    }
    if (shiftNanos == 0) {
      source = time.source();
      errorNanos = time.errorNanos();
    }
    return time.epochNanos() + shiftNanos;
  }

  /**
   * The same for a time without a frame, perhaps one before the newest move took effect: what is
   * missing among pictures that are reordered is found out later.
   */
  long timeline(long epochNanos) {
    return epochNanos < acceptedNanos ? epochNanos + acceptedShiftNanos : epochNanos + shiftNanos;
  }

  /** Whether the clock was set, which has not taken effect. */
  boolean hasJump() {
    return jumped;
  }

  /** Whose clock the time line goes by. */
  ClockSource source() {
    return source;
  }

  /** How far the time line may be off that clock, ns. */
  long errorNanos() {
    return errorNanos;
  }

  /**
   * From now on times are those of the new clock.
   *
   * @param now a time by it
   * @return by how much times move on, ns
   */
  long acceptMove(CaptureTime now) {
    long shift = shiftNanos;
    if (shift == 0) {
      jumped = false;
      return 0;
    }
    acceptedNanos = now.epochNanos();
    acceptedShiftNanos = shift;
    shiftNanos = 0;
    jumped = false;
    source = now.source();
    errorNanos = now.errorNanos();
    lastPtsNanos = lastPtsNanos == Long.MIN_VALUE ? lastPtsNanos : lastPtsNanos - shift;
    return -shift;
  }

  /** A frame was taken. */
  void took(long ptsNanos) {
    if (lastPtsNanos == Long.MIN_VALUE) {
      lastPtsNanos = ptsNanos;
    } else if (ptsNanos > lastPtsNanos) {
      long interval = ptsNanos - lastPtsNanos;
      intervalNanos =
          intervalNanos == 0 ? interval : intervalNanos + (interval - intervalNanos) / 8;
      lastPtsNanos = ptsNanos;
    }
  }

  /** Time of the latest frame; {@link Long#MIN_VALUE} before the first. */
  long lastPtsNanos() {
    return lastPtsNanos;
  }

  /** Usual distance of two frames, 0 before it is known. */
  long intervalNanos() {
    return intervalNanos;
  }
}
