package io.millrace.media.mkv;

import io.millrace.media.track.CodecPrivateData;
import io.millrace.media.track.Track;
import io.millrace.media.track.Track.AudioFormat;
import io.millrace.media.track.Track.TrackType;
import io.millrace.media.track.Track.VideoFormat;
import java.util.Optional;

/** Collects the children of one TrackEntry. A value given twice replaces the first. */
final class TrackBuilder {
  private long number;
  private long uid;
  private long type;
  private String name = "";
  private String codecId = "";
  private CodecPrivateData codecPrivate = CodecPrivateData.EMPTY;
  private long defaultDurationNanos;
  private boolean video;
  private long width;
  private long height;
  private boolean audio;
  private double samplingHz = 8000;
  private long channels = 1;
  private long bitDepth;

  /** Frames are compressed or encrypted by the container: kept, but nothing we can play. */
  private boolean encoded;

  /** TrackNumber as read; 0 where absent. */
  long number() {
    return number;
  }

  void integer(int id, long value) {
    switch (id) {
      case MatroskaId.TRACK_NUMBER -> number = value;
      case MatroskaId.TRACK_UID -> uid = value;
      case MatroskaId.TRACK_TYPE -> type = value;
      case MatroskaId.DEFAULT_DURATION -> defaultDurationNanos = Math.max(0, value);
      case MatroskaId.PIXEL_WIDTH -> width = value;
      case MatroskaId.PIXEL_HEIGHT -> height = value;
      case MatroskaId.CHANNELS -> channels = value;
      case MatroskaId.BIT_DEPTH -> bitDepth = value;
      default -> {}
    }
  }

  void real(double value) {
    samplingHz = value;
  }

  void text(int id, String value) {
    if (id == MatroskaId.NAME) {
      name = value;
    } else {
      codecId = value;
    }
  }

  void codecPrivate(byte[] value) {
    codecPrivate = CodecPrivateData.copyOf(value);
  }

  void master(int id) {
    video |= id == MatroskaId.VIDEO;
    audio |= id == MatroskaId.AUDIO;
    encoded |= id == MatroskaId.CONTENT_ENCODINGS;
  }

  Track build() {
    TrackType kind =
        encoded
            ? TrackType.OTHER
            : type == 1 ? TrackType.VIDEO : type == 2 ? TrackType.AUDIO : TrackType.OTHER;
    return new Track(
        (int) number,
        uid,
        kind,
        name,
        codecId,
        codecPrivate,
        defaultDurationNanos,
        video && kind == TrackType.VIDEO
            ? Optional.of(new VideoFormat(small(width), small(height)))
            : Optional.empty(),
        audio && kind == TrackType.AUDIO
            ? Optional.of(new AudioFormat(samplingHz, small(channels), small(bitDepth)))
            : Optional.empty());
  }

  private static int small(long value) {
    return value < 0 ? Integer.MAX_VALUE : (int) Math.min(value, Integer.MAX_VALUE);
  }
}
