package io.millrace.playback.getmedia;

import java.util.concurrent.atomic.LongAdder;

/** Figures of the operations that hand stored bytes back; counts since start unless said. */
public final class GetMediaCounters {
  /** Replies open now. */
  public final LongAdder open = new LongAdder();

  /** Replies refused because too many were open. */
  public final LongAdder refused = new LongAdder();

  /** Fragments sent. */
  public final LongAdder fragments = new LongAdder();

  /** Fragments sent, at least in part, before they were durable. */
  public final LongAdder liveFragments = new LongAdder();

  /** Replies that ended in the middle of a fragment because its producer was gone or refused. */
  public final LongAdder torn = new LongAdder();

  /** Bytes sent. */
  public final LongAdder bytes = new LongAdder();

  /** Fragments that retention dropped before a slow reader got to them. */
  public final LongAdder skipped = new LongAdder();
}
