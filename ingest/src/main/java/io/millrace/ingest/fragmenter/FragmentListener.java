package io.millrace.ingest.fragmenter;

import io.millrace.media.mkv.MkvHeader;

/** What a {@link ClusterFragmenter} found, in stream order. */
public interface FragmentListener {
  /** A document's header part is complete. */
  default void headerRead(MkvHeader header) {}

  /**
   * A fragment began.
   *
   * @param timecode of its Cluster, in ticks
   * @param timecodeNanos the same in nanoseconds
   */
  void fragmentBegan(long timecode, long timecodeNanos);

  /** The fragment that began last is complete; takes it. */
  void fragmentCompleted(Fragment fragment);
}
