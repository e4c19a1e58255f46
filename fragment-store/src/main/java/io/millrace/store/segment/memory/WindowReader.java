package io.millrace.store.segment.memory;

import io.millrace.store.segment.file.CorruptSegmentException;
import io.millrace.store.segment.file.LaneState;
import io.millrace.store.segment.file.RecordLayout;
import io.millrace.store.segment.file.Segment;
import io.millrace.store.segment.storage.AlignedBuffers;
import io.millrace.store.segment.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads blocks of a segment into memory and checks them. Used once. */
final class WindowReader {
  private final Segment segment;
  private final long start;
  private final byte[] bytes;
  private final ByteBuffer buffer;
  private final CRC32C crc = new CRC32C();

  /** Shard and offset of each record, so that sorting groups them. */
  private long[] found = new long[256];

  private int count;

  /**
   * @param start offset of a block
   * @param end offset behind a block; their distance is bounded by the largest block
   */
  WindowReader(Segment segment, long start, long end) {
    this.segment = segment;
    this.start = start;
    this.bytes = new byte[Math.toIntExact(end - start)];
    this.buffer = ByteBuffer.wrap(bytes);
  }

  /**
   * Reads it.
   *
   * @param window aligned
   */
  HistoryWindow read(StorageFile file, ByteBuffer window) throws IOException {
    int done = 0;
    while (done < bytes.length) {
      window.clear().limit(Math.min(window.capacity(), bytes.length - done));
      int read = file.read(window, start + done);
      if (read <= 0) {
        throw new CorruptSegmentException(segment.path(), start + done, "the file ends");
      }
      window.get(0, bytes, done, read);
      done += read;
    }
    CorruptSegmentException damage = parse();
    Arrays.sort(found, 0, count);
    int[] shards = new int[count];
    int[] offsets = new int[count];
    for (int i = 0; i < count; i++) {
      shards[i] = (int) (found[i] >>> Integer.SIZE);
      offsets[i] = (int) found[i];
    }
    return new HistoryWindow(
        new EncodedRecords(segment.sequence(), bytes, start, shards, offsets),
        start + bytes.length,
        damage);
  }

  private @Nullable CorruptSegmentException parse() {
    int at = 0;
    while (at < bytes.length) {
      if (bytes.length - at < RecordLayout.BLOCK_HEADER_BYTES
          || !RecordLayout.isBlockHeader(buffer, at, crc, segment.header().epoch())) {
        return damaged(at, "no block header of this segment");
      }
      int length = buffer.getInt(at + 12);
      int records = buffer.getInt(at + 16);
      if (length < RecordLayout.BLOCK_HEADER_BYTES || length > bytes.length - at) {
        return damaged(at, "block of " + length + " bytes");
      }
      int next = at + RecordLayout.BLOCK_HEADER_BYTES;
      for (int i = 0; i < records; i++) {
        int size = record(next, at + length);
        if (size < 0) {
          return damaged(next, "record does not match its checksum");
        }
        next += size;
      }
      at += (int) AlignedBuffers.pad(length);
    }
    return null;
  }

  private CorruptSegmentException damaged(int at, String why) {
    return new CorruptSegmentException(segment.path(), start + at, why);
  }

  /** Takes one record in; its size with what aligns the next one, negative when it is none. */
  private int record(int at, int blockEnd) {
    if (blockEnd - at < RecordLayout.RECORD_HEADER_BYTES) {
      return -1;
    }
    int length = buffer.getInt(at);
    if (length < RecordLayout.RECORD_HEADER_BYTES || length > blockEnd - at) {
      return -1;
    }
    RecordLayout.seeded(crc, segment.header().epoch()).update(bytes, at + 8, length - 8);
    if ((int) crc.getValue() != buffer.getInt(at + 4) || !RecordLayout.isSound(buffer, at)) {
      return -1;
    }
    if (RecordLayout.kind(buffer, at) != LaneState.KIND) {
      if (count == found.length) {
        found = Arrays.copyOf(found, count * 2);
      }
      found[count++] = (long) RecordLayout.shard(buffer, at) << Integer.SIZE | (start + at);
    }
    return (int) RecordLayout.align(length);
  }
}
