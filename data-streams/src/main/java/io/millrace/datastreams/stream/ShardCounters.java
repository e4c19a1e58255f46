package io.millrace.datastreams.stream;

import java.util.concurrent.atomic.LongAdder;

/** What one shard has done since the server started; they only rise. */
public final class ShardCounters {
  /** Records taken. */
  public final LongAdder recordsIn = new LongAdder();

  /** Bytes of data and keys taken. */
  public final LongAdder bytesIn = new LongAdder();

  /** Records given, to all readers. */
  public final LongAdder recordsOut = new LongAdder();

  /** Bytes of data given, to all readers. */
  public final LongAdder bytesOut = new LongAdder();

  /** Records refused because the shard was at its limit. */
  public final LongAdder writesThrottled = new LongAdder();

  /** Reads refused because the shard was at its limit. */
  public final LongAdder readsThrottled = new LongAdder();
}
