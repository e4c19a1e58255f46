package io.millrace.store.segment;

import io.millrace.store.shard.Extent;
import io.millrace.store.shard.Head;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One segment of a lane. Its lane's writer thread changes it; readers hold it with {@link #acquire}
 * so that its file is not reused under them.
 */
final class Segment {
  private final SegmentHeader header;
  private final String directory;
  private final AtomicInteger users = new AtomicInteger(1);
  private volatile SegmentSummary summary;
  private volatile boolean closed;
  private volatile @Nullable SegmentIndex index;
  private volatile Runnable whenUnused = () -> {};
  private volatile long fileBytes;
  private long indexedEnd;
  private boolean indexedLast;
  private boolean dropped;
  private volatile boolean superseded;

  Segment(
      SegmentHeader header,
      String directory,
      SegmentSummary summary,
      @Nullable SegmentIndex index,
      boolean closed) {
    this.header = header;
    this.directory = directory;
    this.summary = summary;
    this.index = index;
    this.closed = closed;
    this.superseded = closed;
  }

  static String path(String directory, int sequence) {
    return "%s/%010d.seg".formatted(directory, sequence);
  }

  static String indexPath(String directory, int sequence) {
    return "%s/%010d.idx".formatted(directory, sequence);
  }

  SegmentHeader header() {
    return header;
  }

  int sequence() {
    return header.sequence();
  }

  String path() {
    return path(directory, header.sequence());
  }

  String indexPath() {
    return indexPath(directory, header.sequence());
  }

  SegmentSummary summary() {
    return summary;
  }

  void summary(SegmentSummary next) {
    summary = next;
  }

  boolean closed() {
    return closed;
  }

  void close() {
    closed = true;
  }

  /** Says that a next segment exists durably, so that the end of this one is final. */
  void supersede() {
    closed = true;
    superseded = true;
  }

  /** Its entries when they are held here: the newest segments of a lane. */
  @Nullable SegmentIndex index() {
    return index;
  }

  void index(@Nullable SegmentIndex entries) {
    index = entries;
  }

  /** End of what the side index on disk covers. */
  synchronized long indexedEnd() {
    return indexedEnd;
  }

  /** Notes what the side index covers, and whether it says that nothing follows. */
  synchronized void indexed(long end, boolean last) {
    indexedEnd = end;
    indexedLast = last;
  }

  /**
   * Writes the side index when it is behind. Entries and summary are those of one moment; a commit
   * that comes meanwhile is in the next one.
   */
  synchronized void writeIndex(Storage storage, SegmentIndex entries) throws IOException {
    boolean last = superseded;
    SegmentSummary now = summary;
    if (dropped || now.end() < indexedEnd || (now.end() == indexedEnd && last == indexedLast)) {
      return;
    }
    List<Head> heads =
        entries.heads().stream()
            .filter(head -> RecordLayout.offset(head.position()) < now.end())
            .toList();
    List<SegmentIndex.Point> points =
        entries.points().stream().filter(point -> point.offset() < now.end()).toList();
    storage.writeSide(indexPath(), SegmentIndexFile.encode(header, now, last, heads, points));
    indexed(now.end(), last);
  }

  /** Removes the side index for good. */
  synchronized void deleteIndex(Storage storage) throws IOException {
    dropped = true;
    storage.delete(indexPath());
  }

  /** Bytes the file takes. */
  long fileBytes() {
    return Math.max(fileBytes, summary.end());
  }

  void fileBytes(long bytes) {
    fileBytes = bytes;
  }

  /** Whether it was taken for reading; false when it was dropped. Pair with {@link #release}. */
  boolean acquire() {
    while (true) {
      int now = users.get();
      if (now == 0) {
        return false;
      }
      if (users.compareAndSet(now, now + 1)) {
        return true;
      }
    }
  }

  void release() {
    if (users.decrementAndGet() == 0) {
      whenUnused.run();
    }
  }

  /** Ends the lane's own use; the action runs when the last reader is gone. */
  void drop(Runnable action) {
    whenUnused = action;
    release();
  }

  Extent extent() {
    SegmentSummary now = summary;
    return new Extent(
        header.sequence(), closed, now.marked(), now.payloadBytes(), now.min(), now.max());
  }
}
