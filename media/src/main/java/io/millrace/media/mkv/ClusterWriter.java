package io.millrace.media.mkv;

import io.millrace.media.ebml.EbmlWriter;
import io.millrace.media.ebml.VarInt;
import io.millrace.media.track.Frame;
import java.nio.ByteBuffer;

/**
 * Builds one Cluster of SimpleBlocks in memory. Times are rounded to the timecode scale. Not
 * thread-safe.
 */
public final class ClusterWriter {
  private static final int SIZE_BYTES = 4;

  private final EbmlWriter out;
  private final boolean sized;
  private final long scaleNanos;
  private final long timecode;

  /**
   * @param timecodeNanos time of the Cluster, not negative; normally that of its first frame
   * @param timecodeScaleNanos as written in the header part
   * @param expectedBytes first allocation
   */
  public ClusterWriter(long timecodeNanos, long timecodeScaleNanos, int expectedBytes) {
    this(ByteBuffer.allocate(0), timecodeNanos, timecodeScaleNanos, expectedBytes, true);
  }

  private ClusterWriter(
      ByteBuffer head,
      long timecodeNanos,
      long timecodeScaleNanos,
      int expectedBytes,
      boolean sized) {
    if (timecodeNanos < 0 || timecodeScaleNanos < 1) {
      throw new IllegalArgumentException(
          "cluster time %d ns at scale %d".formatted(timecodeNanos, timecodeScaleNanos));
    }
    scaleNanos = timecodeScaleNanos;
    timecode = ticks(timecodeNanos);
    this.sized = sized;
    out = new EbmlWriter(expectedBytes);
    out.raw(head);
    if (sized) {
      out.open(MatroskaId.CLUSTER, SIZE_BYTES);
    } else {
      out.unknownSize(MatroskaId.CLUSTER, 1);
    }
    out.integer(MatroskaId.TIMECODE, timecode);
  }

  /**
   * A Cluster that can be shown while it grows: it follows its header part in the same array and
   * its size is unknown, so that no byte of it changes once written.
   *
   * @param headerPart borrowed and left as it was; {@link #size} and {@link #finish} include it
   * @param expectedBytes first allocation, header part included
   */
  public static ClusterWriter growing(
      ByteBuffer headerPart, long timecodeNanos, long timecodeScaleNanos, int expectedBytes) {
    return new ClusterWriter(headerPart, timecodeNanos, timecodeScaleNanos, expectedBytes, false);
  }

  /** The array that is written into, see {@link EbmlWriter#array}. */
  public byte[] array() {
    return out.array();
  }

  /** Whether a frame of this time fits the 16 bits that a block has for it. */
  public boolean takes(long ptsNanos) {
    long relative = ticks(ptsNanos) - timecode;
    return relative >= Short.MIN_VALUE && relative <= Short.MAX_VALUE;
  }

  /** Time of the Cluster as written, rounded to the scale. */
  public long timecodeNanos() {
    return timecode * scaleNanos;
  }

  /** Bytes written so far. */
  public int size() {
    return out.size();
  }

  /**
   * Appends a frame; its data is borrowed and left as it was.
   *
   * @throws IllegalArgumentException if its time is too far from the Cluster's
   */
  public ClusterWriter add(Frame frame) {
    return add(frame.trackNumber(), frame.ptsNanos(), frame.keyframe(), frame.data());
  }

  /** Appends a frame from its parts; {@code data} is borrowed and left as it was. */
  public ClusterWriter add(int trackNumber, long ptsNanos, boolean keyframe, ByteBuffer data) {
    if (!takes(ptsNanos)) {
      throw new IllegalArgumentException(
          "frame at %d ns is too far from its cluster at %d ns"
              .formatted(ptsNanos, timecodeNanos()));
    }
    int relative = (int) (ticks(ptsNanos) - timecode);
    int numberBytes = VarInt.encodedLength(trackNumber);
    ByteBuffer head = ByteBuffer.allocate(numberBytes + 3);
    VarInt.put(head, trackNumber, numberBytes);
    head.putShort((short) relative).put((byte) (keyframe ? 0x80 : 0)).flip();
    out.head(MatroskaId.SIMPLE_BLOCK, (long) head.remaining() + data.remaining());
    out.raw(head).raw(data);
    return this;
  }

  /** The Cluster; the writer must not be used afterwards. */
  public ByteBuffer finish() {
    return sized ? out.close().finish() : out.finish();
  }

  private long ticks(long nanos) {
    return Math.floorDiv(nanos + scaleNanos / 2, scaleNanos);
  }
}
