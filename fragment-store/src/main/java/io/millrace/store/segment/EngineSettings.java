package io.millrace.store.segment;

import io.millrace.store.segment.storage.Storage;
import java.time.Duration;

/**
 * Limits of the local engine.
 *
 * @param nodeName what {@code owner} answers
 * @param writerThreads threads that write; each stream belongs to one of them
 * @param readerThreads threads that read history and do recovery
 * @param readQueue reads that may wait for a thread; more fail with BUSY
 * @param roundBytes bytes after which a commit takes no further batch; one slab of this size per
 *     writer thread
 * @param maxRecordBytes largest payload of a record, and of a batch
 * @param mailboxBytes bytes that may wait for one writer thread; more fail with BUSY
 * @param streamQueueBytes bytes of one stream that may wait; more fail with BUSY
 * @param ringBytes recently written blocks kept in memory, over all streams
 * @param historyCacheBytes older blocks that were read kept in memory, over all streams
 * @param minSegmentBytes size of the first segment of a stream
 * @param maxSegmentBytes largest segment
 * @param segmentSpan time a segment should cover at the stream's rate, within the two sizes
 * @param maxSegmentAge age at which a segment is closed; a tenth of the retention if that is less
 * @param openFiles segment files kept open
 * @param indexCacheEntries index entries of closed segments kept in memory, over all streams
 * @param spareBytes bytes of dropped segment files kept for reuse
 * @param diskReserveBytes free bytes below which no file is made or grown: appends fail with
 *     NO_SPACE
 * @param checkpointBytes bytes written to a segment after which its side index is written anew;
 *     recovery scans at most about this much of it
 */
public record EngineSettings(
    String nodeName,
    int writerThreads,
    int readerThreads,
    int readQueue,
    int roundBytes,
    int maxRecordBytes,
    long mailboxBytes,
    long streamQueueBytes,
    long ringBytes,
    long historyCacheBytes,
    int minSegmentBytes,
    int maxSegmentBytes,
    Duration segmentSpan,
    Duration maxSegmentAge,
    int openFiles,
    int indexCacheEntries,
    long spareBytes,
    long diskReserveBytes,
    int checkpointBytes) {
  private static final int MIB = 1 << 20;

  /** The defaults. */
  public static final EngineSettings DEFAULTS =
      new EngineSettings(
          "local",
          2,
          4,
          4096,
          4 * MIB,
          64 * MIB,
          64L * MIB,
          24L * MIB,
          64L * MIB,
          32L * MIB,
          4 * MIB,
          256 * MIB,
          Duration.ofMinutes(8),
          Duration.ofHours(1),
          512,
          200_000,
          1024L * MIB,
          256L * MIB,
          16 * MIB);

  public EngineSettings {
    require(writerThreads >= 1 && readerThreads >= 1 && readQueue >= 1, "threads");
    require(roundBytes >= 64 << 10 && roundBytes % Storage.ALIGNMENT == 0, "roundBytes");
    require(maxRecordBytes >= 1 && maxRecordBytes <= 1 << 30, "maxRecordBytes");
    require(mailboxBytes >= 1 && streamQueueBytes >= 1, "queue bytes");
    require(ringBytes >= 0 && historyCacheBytes >= 0, "memory bytes");
    require(
        minSegmentBytes >= 64 << 10
            && minSegmentBytes % Storage.ALIGNMENT == 0
            && maxSegmentBytes >= minSegmentBytes,
        "segment bytes");
    require(segmentSpan.isPositive() && maxSegmentAge.isPositive(), "segment ages");
    require(openFiles >= 1 && indexCacheEntries >= 0, "caches");
    require(spareBytes >= 0 && diskReserveBytes >= 0 && checkpointBytes >= 1, "disk bytes");
  }

  private static void require(boolean holds, String field) {
    if (!holds) {
      throw new IllegalArgumentException("engine setting out of range: " + field);
    }
  }
}
