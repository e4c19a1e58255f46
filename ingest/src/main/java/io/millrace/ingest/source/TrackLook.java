package io.millrace.ingest.source;

import io.millrace.ingest.source.ProbeReport.ProbedTrack;
import io.millrace.media.codec.InBandSetup;
import io.millrace.media.track.MediaException;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import io.millrace.media.track.Track.TrackType;
import java.nio.ByteBuffer;
import java.util.OptionalDouble;

/** What a probe saw of one track. Not thread-safe. */
public final class TrackLook {
  private static final int ENOUGH_SOUND_FRAMES = 6;

  private final String codec;
  private Track track;
  private long frames;
  private long firstNanos;
  private long lastNanos;
  private long keyframes;
  private long firstKeyNanos;
  private long lastKeyNanos;

  /**
   * @param codec what its protocol calls it
   */
  public TrackLook(String codec, Track track) {
    this.codec = codec;
    Track sized = track;
    try {
      sized = InBandSetup.withPicture(track);
    } catch (MediaException e) {
      // The frames will tell.
    }
    this.track = sized;
  }

  /** Looks at a frame; its data is borrowed. */
  public void frame(long timeNanos, boolean keyframe, ByteBuffer data) {
    firstNanos = frames == 0 ? timeNanos : Math.min(firstNanos, timeNanos);
    lastNanos = frames == 0 ? timeNanos : Math.max(lastNanos, timeNanos);
    frames++;
    if (!keyframe || !isVideo()) {
      return;
    }
    firstKeyNanos = keyframes == 0 ? timeNanos : firstKeyNanos;
    lastKeyNanos = timeNanos;
    keyframes++;
    try {
      track = InBandSetup.apply(track, data);
    } catch (MediaException e) {
      // Another keyframe may be whole.
    }
  }

  private boolean isVideo() {
    return track.type() == TrackType.VIDEO;
  }

  /** Whether it sent anything. */
  public boolean sawAny() {
    return frames > 0;
  }

  /** Whether enough was seen: two keyframes of pictures, some frames of sound. */
  public boolean isDone() {
    return isVideo() ? keyframes > 1 : frames >= ENOUGH_SOUND_FRAMES;
  }

  public ProbedTrack report() {
    AudioFormat sound = track.audio().orElse(new AudioFormat(0, 0, 0));
    return new ProbedTrack(
        isVideo() ? "video" : "audio",
        codec,
        true,
        track.video().map(Track.VideoFormat::width).orElse(0),
        track.video().map(Track.VideoFormat::height).orElse(0),
        isVideo() ? rate() : OptionalDouble.empty(),
        keyframes > 1
            ? OptionalDouble.of(rounded((lastKeyNanos - firstKeyNanos) / 1e9 / (keyframes - 1)))
            : OptionalDouble.empty(),
        (int) sound.samplingHz(),
        sound.channels());
  }

  /** The report of a track that cannot be stored. */
  public static ProbedTrack unsupported(String codec) {
    return new ProbedTrack(
        "other", codec, false, 0, 0, OptionalDouble.empty(), OptionalDouble.empty(), 0, 0);
  }

  private OptionalDouble rate() {
    long span = lastNanos - firstNanos;
    return frames > 1 && span > 0
        ? OptionalDouble.of(rounded((frames - 1) / (span / 1e9)))
        : OptionalDouble.empty();
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
