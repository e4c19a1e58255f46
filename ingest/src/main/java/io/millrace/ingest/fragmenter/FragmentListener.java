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

  /**
   * More of the fragment that began last has come.
   *
   * @param bytes header part, tags and Cluster, as far as they go; <em>shared</em>: the first
   *     {@code sizeBytes} do not change any more, those behind them do
   * @param headBytes bytes before the Cluster
   * @param sizeBytes bytes that are certainly the fragment's; before it completes, all of them
   */
  default void fragmentGrew(byte[] bytes, int headBytes, int sizeBytes) {}

  /** The fragment that began last is complete; takes it. */
  void fragmentCompleted(Fragment fragment);
}
