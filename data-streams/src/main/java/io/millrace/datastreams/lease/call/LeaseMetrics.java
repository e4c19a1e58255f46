package io.millrace.datastreams.lease.call;

import java.util.concurrent.atomic.LongAdder;

/** What the table service did, since the server started. */
public final class LeaseMetrics {
  /** Items returned to clients. */
  public final LongAdder itemsRead = new LongAdder();

  /** Items looked at by queries and scans; many more than were returned tell of lacking keys. */
  public final LongAdder itemsScanned = new LongAdder();

  /** Items written or removed. */
  public final LongAdder itemsWritten = new LongAdder();

  /** Writes refused because their condition did not hold: how often workers competed. */
  public final LongAdder conditionsFailed = new LongAdder();

  /** Transactions refused as a whole. */
  public final LongAdder transactionsCancelled = new LongAdder();

  /** Items removed because their time to live had passed. */
  public final LongAdder itemsExpired = new LongAdder();
}
