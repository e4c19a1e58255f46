package io.millrace.store;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counters of the store since it was opened. They only rise unless a field says otherwise; sum them
 * at any time from any thread.
 */
public final class StoreMetrics {
  /** Durable commits. */
  public final LongAdder commits = new LongAdder();

  /** Records made durable. */
  public final LongAdder recordsAppended = new LongAdder();

  /** Payload bytes made durable. */
  public final LongAdder payloadBytesAppended = new LongAdder();

  /** Bytes written to segment files, headers and padding included. */
  public final LongAdder segmentBytesWritten = new LongAdder();

  /** Nanoseconds spent in durable writes of segment files. */
  public final LongAdder writeNanos = new LongAdder();

  /** Appends refused because the mailbox was full. */
  public final LongAdder appendsBusy = new LongAdder();

  /** Appends that failed for lack of space. */
  public final LongAdder appendsNoSpace = new LongAdder();

  /** Appends that failed because the device did. */
  public final LongAdder appendsFailed = new LongAdder();

  /** Segments given up after a failed write. */
  public final LongAdder segmentsDead = new LongAdder();

  /** Segments closed because of size, age or death. */
  public final LongAdder segmentsRolled = new LongAdder();

  /** Segments dropped by retention, truncation or deletion. */
  public final LongAdder segmentsDropped = new LongAdder();

  /** Segments made from a spare file. */
  public final LongAdder segmentsRecycled = new LongAdder();

  /** Payloads served from memory. */
  public final LongAdder readsFromMemory = new LongAdder();

  /** Payloads read from disk. */
  public final LongAdder readsFromDisk = new LongAdder();

  /** Payload bytes read from disk. */
  public final LongAdder bytesReadFromDisk = new LongAdder();

  /** Windows of history read from disk, about 1 MiB each. */
  public final LongAdder windowsRead = new LongAdder();

  /** Times that a window of history was needed and was in memory. */
  public final LongAdder windowsFromMemory = new LongAdder();

  /** Reads that failed, checksum mismatches included. */
  public final LongAdder readsFailed = new LongAdder();

  /** Bytes of unacknowledged writes cut off by recovery. */
  public final LongAdder tornBytesCut = new LongAdder();

  /** Side indexes built anew because they were missing or damaged. */
  public final LongAdder indexesRebuilt = new LongAdder();

  /** Side indexes that could not be written; they are rebuilt when needed. */
  public final LongAdder indexWritesFailed = new LongAdder();

  /** Streams stopped because synced data was damaged. */
  public final LongAdder streamsStopped = new LongAdder();

  /** Nanoseconds the last opening of the store took. */
  public final LongAdder openNanos = new LongAdder();

  /** 1 when files are written past the page cache, 0 when that was refused. */
  public final LongAdder directIo = new LongAdder();
}
