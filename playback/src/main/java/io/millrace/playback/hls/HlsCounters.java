package io.millrace.playback.hls;

import java.util.concurrent.atomic.LongAdder;

/** Figures of HLS; counts since start. */
public final class HlsCounters {
  /** Sessions opened. */
  public final LongAdder sessions = new LongAdder();

  /** Playlists answered. */
  public final LongAdder playlists = new LongAdder();

  /** Media segments answered. */
  public final LongAdder segments = new LongAdder();

  /** Bytes of media segments answered. */
  public final LongAdder segmentBytes = new LongAdder();

  /** Media segments built because no earlier viewer had asked. */
  public final LongAdder segmentsBuilt = new LongAdder();

  /** Media segments of sound that was decoded and encoded anew for them. */
  public final LongAdder soundSegmentsEncoded = new LongAdder();
}
