package io.millrace.store.segment.file;

import io.millrace.store.segment.storage.Storage;
import io.millrace.store.segment.storage.StorageFile;
import io.millrace.store.shard.Head;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Finds out what a segment holds by reading it. Blocks count whole or not at all. What follows the
 * last sound block was never acknowledged, unless a later sound block follows: then synced bytes
 * are damaged, and that is an error instead of a cut.
 */
public final class SegmentRecovery {
  /** How far behind the last sound block a later one is looked for; beyond any usual commit. */
  public static final int LOOK_AHEAD_BYTES = 8 << 20;

  private final StorageFile file;
  private final String path;
  private final SegmentHeader header;
  private final ByteBuffer window;
  private final SegmentIndex index;
  private SegmentSummary summary;
  private long tornBytes;

  /**
   * @param summary what is known already; reading goes on at its end
   * @param index entries up to there; grows
   * @param window as for {@link SegmentCursor}
   */
  public SegmentRecovery(
      StorageFile file,
      String path,
      SegmentHeader header,
      SegmentSummary summary,
      SegmentIndex index,
      ByteBuffer window) {
    this.file = file;
    this.path = path;
    this.header = header;
    this.summary = summary;
    this.index = index;
    this.window = window;
  }

  /**
   * Reads a closed segment.
   *
   * @param end where its data ends, as the next segment says
   * @throws CorruptSegmentException if it does not read up to there
   */
  public SegmentSummary closed(long end) throws IOException {
    SegmentCursor cursor = scan(end);
    if (summary.end() != end) {
      throw new CorruptSegmentException(path, cursor.offset(), cursor.problem());
    }
    return summary;
  }

  /**
   * Reads the newest segment, whose end is where sound blocks end.
   *
   * @throws CorruptSegmentException if a sound block follows a damaged one
   */
  public SegmentSummary newest() throws IOException {
    long fileBytes = file.sizeBytes() & -Storage.ALIGNMENT;
    SegmentCursor cursor = scan(fileBytes);
    long good = summary.end();
    if (good < fileBytes) {
      failIfBlocksFollow(good, cursor.blockStart() == good ? cursor.paddedBlockEnd() : 0, cursor);
    }
    return summary;
  }

  /** Bytes of unfinished commits that were left out. */
  public long tornBytes() {
    return tornBytes;
  }

  private SegmentCursor scan(long end) throws IOException {
    SegmentCursor cursor =
        new SegmentCursor(
            file, header.sequence(), header.epoch(), summary.end(), end, window.clear());
    List<Head> block = new ArrayList<>();
    int expected = 0;
    while (true) {
      switch (cursor.next(false)) {
        case BLOCK -> {
          if (expected != 0 || cursor.blockNumber() != summary.blocks()) {
            return cursor;
          }
          expected = cursor.blockRecords();
          if (expected == 0) {
            return cursor;
          }
        }
        case RECORD -> {
          if (expected == 0) {
            return cursor;
          }
          block.add(cursor.head());
          if (block.size() == expected) {
            take(block, cursor.blockStart(), cursor.paddedBlockEnd());
            block.clear();
            expected = 0;
          }
        }
        case END, BAD -> {
          return cursor;
        }
      }
    }
  }

  private void take(List<Head> block, long start, long end) {
    char[] shards = new char[block.size()];
    int count = 0;
    for (Head head : block) {
      if (head.kind() == LaneState.KIND) {
        continue;
      }
      if (count == 0 || shards[count - 1] != head.shard()) {
        shards[count++] = (char) head.shard();
      }
      if (head.marks() != null) {
        index.add(head);
      }
    }
    index.block(start, summary.maxArrival(), ShardSet.of(Arrays.copyOf(shards, count)));
    summary = summary.with(block, end);
  }

  private void failIfBlocksFollow(long good, long afterTorn, SegmentCursor cursor)
      throws IOException {
    long fileBytes = file.sizeBytes() & -Storage.ALIGNMENT;
    if (afterTorn > good && afterTorn < fileBytes && blockAt(afterTorn, afterTorn + 4096)) {
      throw new CorruptSegmentException(path, cursor.offset(), cursor.problem());
    }
    long end = Math.min(fileBytes, good + LOOK_AHEAD_BYTES);
    if (blockAt(good, end)) {
      throw new CorruptSegmentException(path, good, cursor.problem());
    }
    tornBytes = Math.max(0, Math.max(cursor.offset(), afterTorn) - good);
  }

  /** Whether a block that was written after the expected one begins in a range. */
  private boolean blockAt(long from, long to) throws IOException {
    CRC32C crc = new CRC32C();
    for (long at = from; at < to; at += window.capacity()) {
      window.clear().limit((int) Math.min(window.capacity(), to - at));
      int bytes = file.read(window, at);
      window.clear().limit(bytes);
      for (int i = 0; i + Storage.ALIGNMENT <= bytes; i += Storage.ALIGNMENT) {
        if (RecordLayout.isBlockHeader(window, i, crc, header.epoch())
            && window.getInt(i + 8) > summary.blocks()) {
          return true;
        }
      }
    }
    return false;
  }
}
