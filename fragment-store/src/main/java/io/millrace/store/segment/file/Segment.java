package io.millrace.store.segment.file;

import io.millrace.store.segment.storage.Storage;
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
public final class Segment {
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

  public Segment(
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

  public static String path(String directory, int sequence) {
    return "%s/%010d.seg".formatted(directory, sequence);
  }

  public static String indexPath(String directory, int sequence) {
    return "%s/%010d.idx".formatted(directory, sequence);
  }

  public SegmentHeader header() {
    return header;
  }

  public int sequence() {
    return header.sequence();
  }

  public String path() {
    return path(directory, header.sequence());
  }

  public String indexPath() {
    return indexPath(directory, header.sequence());
  }

  public SegmentSummary summary() {
    return summary;
  }

  public void summary(SegmentSummary next) {
    summary = next;
  }

  public boolean closed() {
    return closed;
  }

  public void close() {
    closed = true;
  }

  /** Says that a next segment exists durably, so that the end of this one is final. */
  public void supersede() {
    closed = true;
    superseded = true;
  }

  /** Its entries when they are held here: the newest segments of a lane. */
  public @Nullable SegmentIndex index() {
    return index;
  }

  public void index(@Nullable SegmentIndex entries) {
    index = entries;
  }

  /** End of what the side index on disk covers. */
  public synchronized long indexedEnd() {
    return indexedEnd;
  }

  /** Notes what the side index covers, and whether it says that nothing follows. */
  public synchronized void indexed(long end, boolean last) {
    indexedEnd = end;
    indexedLast = last;
  }

  /**
   * Writes the side index when it is behind. Entries and summary are those of one moment; a commit
   * that comes meanwhile is in the next one.
   */
  public synchronized void writeIndex(Storage storage, SegmentIndex entries) throws IOException {
    boolean last = superseded;
    SegmentSummary now = summary;
    if (dropped || now.end() < indexedEnd || (now.end() == indexedEnd && last == indexedLast)) {
      return;
    }
    List<Head> heads =
        entries.heads().stream()
            .filter(head -> RecordLayout.offset(head.position()) < now.end())
            .toList();
    List<SegmentIndex.Window> windows =
        entries.windows().stream().filter(window -> window.offset() < now.end()).toList();
    storage.writeSide(indexPath(), SegmentIndexFile.encode(header, now, last, heads, windows));
    indexed(now.end(), last);
  }

  /** Removes the side index for good. */
  public synchronized void deleteIndex(Storage storage) throws IOException {
    dropped = true;
    storage.delete(indexPath());
  }

  /** Bytes the file takes. */
  public long fileBytes() {
    return Math.max(fileBytes, summary.end());
  }

  public void fileBytes(long bytes) {
    fileBytes = bytes;
  }

  /** Whether it was taken for reading; false when it was dropped. Pair with {@link #release}. */
  public boolean acquire() {
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

  public void release() {
    if (users.decrementAndGet() == 0) {
      whenUnused.run();
    }
  }

  /** Ends the lane's own use; the action runs when the last reader is gone. */
  public void drop(Runnable action) {
    whenUnused = action;
    release();
  }

  public Extent extent() {
    SegmentSummary now = summary;
    return new Extent(
        header.sequence(),
        closed,
        now.marked(),
        now.besides(),
        now.payloadBytes(),
        now.min(),
        now.max());
  }
}
