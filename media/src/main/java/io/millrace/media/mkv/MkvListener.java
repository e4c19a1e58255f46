package io.millrace.media.mkv;

import java.util.List;

/**
 * What {@link MkvDemuxer} found, in stream order. Offsets are absolute: bytes fed before the first
 * byte of the thing named. Every method does nothing by default.
 */
public interface MkvListener {
  /** An EBML header begins: at the start of the input, or a new document in mid-body. */
  default void documentStart(long offset) {}

  /**
   * The first Cluster is about to begin, so the header part is complete.
   *
   * @param endOffset offset of that Cluster; the header part, including Tags seen before, ends here
   */
  default void header(MkvHeader header, long endOffset) {}

  /** A Tags element begins. */
  default void tagsStart(long offset) {}

  /**
   * A Tags element is complete.
   *
   * @param endOffset first byte after it
   * @param tags its simple tags in order
   * @param endOfFragment whether one of them is {@link SimpleTag#END_OF_FRAGMENT}
   */
  default void tagsEnd(long endOffset, List<SimpleTag> tags, boolean endOfFragment) {}

  /**
   * A Cluster began and its timecode is known.
   *
   * @param offset first byte of the Cluster
   * @param timecode as written, in ticks
   * @param timecodeNanos in nanoseconds
   */
  default void clusterStart(long offset, long timecode, long timecodeNanos) {}

  /** A whole frame went by. The event is borrowed. */
  default void frame(FrameEvent frame) {}

  /** The Cluster is complete; called only for those {@link #clusterStart} was called for. */
  default void clusterEnd(long endOffset) {}

  /** The Segment is complete. */
  default void segmentEnd(long endOffset) {}
}
