package io.millrace.store.segment;

import io.millrace.store.segment.file.CorruptSegmentException;
import io.millrace.store.segment.file.LaneState;
import io.millrace.store.segment.file.RecordLayout;
import io.millrace.store.segment.file.Segment;
import io.millrace.store.segment.file.SegmentCursor;
import io.millrace.store.segment.file.SegmentHeader;
import io.millrace.store.segment.file.SegmentIndex;
import io.millrace.store.segment.storage.StorageFile;
import io.millrace.store.shard.Head;
import io.millrace.store.shard.Position;
import io.millrace.store.shard.StoredRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one shard out of one acquired segment, some at a time, so that the open file
 * and the window are held only while reading.
 */
final class SegmentScan {
  private static final int BATCH_BYTES = 1 << 20;
  private final Segment segment;
  private final EngineParts parts;
  private final int shard;
  private final ArrayDeque<StoredRecord> ready = new ArrayDeque<>();
  private long offset = -1;

  SegmentScan(Segment segment, EngineParts parts, int shard) {
    this.segment = segment;
    this.parts = parts;
    this.shard = shard;
  }

  /**
   * The next record.
   *
   * @param from only records at or behind it; the same or rising from call to call
   * @param end only records before it
   * @return null at the end
   */
  @Nullable StoredRecord next(Position from, Position end) throws IOException {
    long wanted =
        RecordLayout.sequence(from) == segment.sequence()
            ? RecordLayout.offset(from)
            : SegmentHeader.BYTES;
    if (offset < 0) {
      offset = entries().pointBefore(wanted);
    }
    while (ready.isEmpty()) {
      if (!fill(wanted, endOffset(end))) {
        break;
      }
    }
    return ready.pollFirst();
  }

  private long endOffset(Position end) {
    long known = segment.summary().end();
    return RecordLayout.sequence(end) == segment.sequence()
        ? Math.min(known, RecordLayout.offset(end))
        : known;
  }

  /** Position of the first record that arrived at or after a time; null for none. */
  @Nullable Position seek(long millis, Position end) throws IOException {
    long from = SegmentHeader.BYTES;
    for (SegmentIndex.Point point : entries().points()) {
      if (point.arrivalMillis() >= millis) {
        break;
      }
      from = point.offset();
    }
    offset = from;
    while (true) {
      StoredRecord record = next(RecordLayout.position(segment.sequence(), from), end);
      if (record == null || record.head().arrivalMillis() >= millis) {
        return record == null ? null : record.head().position();
      }
    }
  }

  private SegmentIndex entries() throws IOException {
    SegmentIndex index = segment.index();
    index = index == null ? parts.indexes().get(segment) : index;
    if (index == null) {
      index = SegmentIndexes.load(segment, parts);
      parts.indexes().put(segment, index);
    }
    return index;
  }

  /** Reads on until about a window of records is ready; false when there are no more. */
  private boolean fill(long wanted, long end) throws IOException {
    if (offset >= end) {
      return false;
    }
    ByteBuffer window = parts.readBuffers().take();
    try {
      offset = parts.openFiles().use(segment, file -> read(file, window, wanted, end));
      return true;
    } finally {
      parts.readBuffers().give(window);
    }
  }

  private long read(StorageFile file, ByteBuffer window, long wanted, long end) throws IOException {
    SegmentCursor cursor =
        new SegmentCursor(file, segment.sequence(), segment.header().epoch(), offset, end, window);
    long bytes = 0;
    while (bytes < BATCH_BYTES) {
      switch (cursor.next(true)) {
        case BLOCK -> {
          continue;
        }
        case RECORD -> {
          Head head = cursor.head();
          bytes += head.payloadBytes() + RecordLayout.RECORD_HEADER_BYTES;
          if (head.shard() == shard
              && head.kind() != LaneState.KIND
              && RecordLayout.offset(head.position()) >= wanted) {
            ready.add(
                new StoredRecord(
                    head,
                    ByteBuffer.wrap(cursor.key()).asReadOnlyBuffer(),
                    ByteBuffer.wrap(cursor.payload()).asReadOnlyBuffer()));
          }
        }
        case END -> {
          return end;
        }
        case BAD ->
            throw new CorruptSegmentException(segment.path(), cursor.offset(), cursor.problem());
      }
    }
    return cursor.offset();
  }
}
