package io.millrace.media.mkv;

import java.nio.ByteBuffer;

/**
 * A frame the demuxer found. One reused object: valid only during the call that hands it over, so
 * that live parsing allocates nothing per frame.
 */
public final class FrameEvent {
  int trackNumber;
  long ptsNanos;
  long durationNanos;
  boolean keyframe;
  long elementOffset;
  long dataOffset;
  int sizeBytes;
  ByteBuffer data = ByteBuffer.allocate(0);

  FrameEvent() {}

  /** Track it belongs to; whether Tracks declares it is for the caller to check. */
  public int trackNumber() {
    return trackNumber;
  }

  /** Presentation time on the container's clock. */
  public long ptsNanos() {
    return ptsNanos;
  }

  /** Duration from BlockDuration or the lacing, 0 where the container gives none. */
  public long durationNanos() {
    return durationNanos;
  }

  /**
   * SimpleBlock with the key flag, or Block without ReferenceBlock. Producers leave the flag of
   * audio blocks unset, so it says something of video only.
   */
  public boolean keyframe() {
    return keyframe;
  }

  /** Absolute offset of the first byte of the SimpleBlock or BlockGroup it came in. */
  public long elementOffset() {
    return elementOffset;
  }

  /** Absolute offset of the first byte of its payload. */
  public long dataOffset() {
    return dataOffset;
  }

  /** Length of its payload. */
  public int sizeBytes() {
    return sizeBytes;
  }

  /**
   * The first bytes of the payload, as many as {@link MkvSettings#deliveredBytes} asked for, or all
   * of a shorter or laced frame. Borrowed: overwritten by the next frame.
   */
  public ByteBuffer data() {
    return data;
  }
}
