package io.millrace.store.segment.file;

import io.millrace.store.segment.storage.AlignedBuffers;
import io.millrace.store.segment.storage.Storage;
import io.millrace.store.segment.storage.StorageFile;
import io.millrace.store.shard.Head;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Walks the blocks and records of a segment file through one window, checking every checksum.
 * Memory is the window and, where a payload is asked for, that payload, which is bounded by the
 * bytes the file has. Not thread-safe.
 */
public final class SegmentCursor {
  /** What the last step came upon. */
  public enum Step {
    /** A block begins. */
    BLOCK,
    /** A sound record. */
    RECORD,
    /** The end given. */
    END,
    /** Bytes that are neither; {@link #problem} says why. */
    BAD
  }

  private final StorageFile file;
  private final int sequence;
  private final long epoch;
  private final long end;
  private final ByteBuffer window;
  private final CRC32C crc = new CRC32C();
  private long windowStart;
  private int windowBytes;
  private long offset;
  private long blockStart;
  private long blockEnd = Long.MAX_VALUE;
  private int blockNumber;
  private int blockRecords;
  private @Nullable Head head;
  private byte[] key = new byte[0];
  private byte @Nullable [] payload;
  private String problem = "";

  /**
   * @param offset where to begin: a block or a record
   * @param end nothing is read at or behind it; a multiple of 4 KiB
   * @param window aligned, at least 64 KiB; borrowed while the cursor is used
   */
  public SegmentCursor(
      StorageFile file, int sequence, long epoch, long offset, long end, ByteBuffer window) {
    this.file = file;
    this.sequence = sequence;
    this.epoch = epoch;
    this.offset = offset;
    this.end = end;
    this.window = window;
  }

  /**
   * Goes to the next block or record.
   *
   * @param wantPayload whether {@link #payload} is needed; it is checked in any case
   */
  public Step next(boolean wantPayload) throws IOException {
    head = null;
    payload = null;
    while (offset < end) {
      if (offset >= blockEnd) {
        offset = AlignedBuffers.pad(offset);
        blockEnd = Long.MAX_VALUE;
        continue;
      }
      if (!load(offset, 8)) {
        return bad("the file ends");
      }
      int lead = window.getInt(index(offset));
      boolean boundary = offset % Storage.ALIGNMENT == 0;
      if (boundary && lead == RecordLayout.BLOCK_MAGIC) {
        return block();
      }
      if (lead == 0 && !boundary) {
        offset = AlignedBuffers.pad(offset);
        continue;
      }
      return record(lead, wantPayload);
    }
    return Step.END;
  }

  private Step block() throws IOException {
    if (!load(offset, RecordLayout.BLOCK_HEADER_BYTES)
        || !RecordLayout.isBlockHeader(window, index(offset), crc, epoch)) {
      return bad("no block header of this segment");
    }
    int at = index(offset);
    int length = window.getInt(at + 12);
    if (length < RecordLayout.BLOCK_HEADER_BYTES || offset + length > end) {
      return bad("block of " + length + " bytes");
    }
    blockStart = offset;
    blockNumber = window.getInt(at + 8);
    blockRecords = window.getInt(at + 16);
    blockEnd = offset + length;
    offset += RecordLayout.BLOCK_HEADER_BYTES;
    return Step.BLOCK;
  }

  private Step record(int length, boolean wantPayload) throws IOException {
    long room = Math.min(end, blockEnd) - offset;
    if (length < RecordLayout.RECORD_HEADER_BYTES || length > room) {
      return bad("record of " + length + " bytes");
    }
    int wanted = Math.min(length, RecordLayout.MAX_HEAD_BYTES);
    if (!load(offset, wanted)) {
      return bad("the file ends within a record");
    }
    int at = index(offset);
    Head found = RecordLayout.head(window, at, RecordLayout.position(sequence, offset));
    if (found == null) {
      return bad("record with impossible sizes");
    }
    int expectedCrc = window.getInt(at + 4);
    int headBytes = length - found.payloadBytes();
    key = new byte[found.keyBytes()];
    window.get(at + headBytes - key.length, key);
    RecordLayout.seeded(crc, epoch)
        .update(window.duplicate().limit(at + headBytes).position(at + 8));
    byte[] bytes = wantPayload ? new byte[found.payloadBytes()] : null;
    if (!takePayload(offset + headBytes, found.payloadBytes(), bytes)) {
      return bad("the file ends within a record");
    }
    if ((int) crc.getValue() != expectedCrc) {
      return bad("record does not match its checksum");
    }
    head = found;
    payload = bytes;
    offset += RecordLayout.align(length);
    return Step.RECORD;
  }

  private boolean takePayload(long from, int bytes, byte @Nullable [] target) throws IOException {
    int done = 0;
    while (done < bytes) {
      if (!load(from + done, 1)) {
        return false;
      }
      int at = index(from + done);
      int piece = Math.min(bytes - done, windowBytes - at);
      crc.update(window.duplicate().limit(at + piece).position(at));
      if (target != null) {
        window.get(at, target, done, piece);
      }
      done += piece;
    }
    return true;
  }

  /** Makes bytes available in the window; false when the file ends before. */
  private boolean load(long from, int bytes) throws IOException {
    if (from >= windowStart && from + bytes <= windowStart + windowBytes) {
      return true;
    }
    windowStart = from & -Storage.ALIGNMENT;
    long wanted = Math.min(window.capacity(), AlignedBuffers.pad(end) - windowStart);
    window.clear().limit((int) wanted);
    windowBytes = file.read(window, windowStart);
    window.clear().limit(windowBytes);
    return from + bytes <= windowStart + windowBytes;
  }

  private int index(long at) {
    return (int) (at - windowStart);
  }

  private Step bad(String why) {
    problem = why;
    return Step.BAD;
  }

  /** Where the next step begins, or where it went wrong. */
  public long offset() {
    return offset;
  }

  public long blockStart() {
    return blockStart;
  }

  /** Offset behind the padding of the current block. */
  public long paddedBlockEnd() {
    return AlignedBuffers.pad(blockEnd);
  }

  public int blockNumber() {
    return blockNumber;
  }

  public int blockRecords() {
    return blockRecords;
  }

  /** The record of the last step. */
  public Head head() {
    Head found = head;
    if (found == null) {
      throw new IllegalStateException("no record");
    }
    return found;
  }

  public byte[] key() {
    return key;
  }

  /** Its payload, if asked for. */
  public byte[] payload() {
    byte[] bytes = payload;
    if (bytes == null) {
      throw new IllegalStateException("no payload");
    }
    return bytes;
  }

  public String problem() {
    return problem;
  }
}
