package io.millrace.store.segment.file;

import io.millrace.store.segment.storage.AlignedBuffers;
import io.millrace.store.segment.storage.Storage;
import io.millrace.store.segment.storage.StorageFile;
import io.millrace.store.shard.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Writes blocks through one aligned slab. The payload is copied once, into the slab; a block that
 * fits it is one durable write. Owned by one writer thread.
 */
public final class BlockEncoder {
  private static final int PIECE_BYTES = 32 << 10;
  private static final byte[] ZEROS = new byte[Storage.ALIGNMENT];
  private final ByteBuffer slab;
  private final ByteBuffer scratch = ByteBuffer.allocate(RecordLayout.MAX_HEAD_BYTES);
  private final CRC32C crc = new CRC32C();

  /**
   * One record of a block.
   *
   * @param shard its shard
   * @param entry its content
   */
  public record Item(int shard, Entry entry) {}

  public BlockEncoder(int slabBytes) {
    slab = AlignedBuffers.allocate(slabBytes).limit(slabBytes).slice();
  }

  /** Length of a block of these records, without padding. */
  public static long length(List<Item> items) {
    long length = RecordLayout.BLOCK_HEADER_BYTES;
    for (Item item : items) {
      length += RecordLayout.framedBytes(item.entry());
    }
    return length;
  }

  /**
   * Writes one block durably.
   *
   * @param offset where in the file, a multiple of 4 KiB
   * @param length from {@link #length}
   */
  public void write(
      StorageFile file, long offset, long epoch, int blockNumber, List<Item> items, long length)
      throws IOException {
    slab.clear();
    writeRecords(file, offset, epoch, blockNumber, items, length);
  }

  /** Writes a segment header and its first block in one durable write. */
  public void writeFirst(StorageFile file, SegmentHeader header, List<Item> items, long length)
      throws IOException {
    slab.clear();
    header.encode(slab);
    writeRecords(file, 0, header.epoch(), 0, items, length);
  }

  private void writeRecords(
      StorageFile file, long offset, long epoch, int blockNumber, List<Item> items, long length)
      throws IOException {
    long at = offset;
    RecordLayout.putBlockHeader(slab, crc, epoch, blockNumber, (int) length, items.size());
    for (Item item : items) {
      at =
          RecordLayout.framedBytes(item.entry()) <= slab.remaining()
              ? putWhole(item, epoch, at)
              : putInPieces(file, item, epoch, at);
    }
    int tail = slab.position() % Storage.ALIGNMENT;
    if (tail > 0) {
      slab.put(ZEROS, 0, Storage.ALIGNMENT - tail);
    }
    if (slab.position() > 0) {
      flush(file, at);
    }
  }

  /** Checks and copies piece by piece, so that each is in the cache for both. */
  private long putWhole(Item item, long epoch, long offset) {
    int start = slab.position();
    Entry entry = item.entry();
    RecordLayout.putFields(slab, item.shard(), entry);
    RecordLayout.seeded(crc, epoch)
        .update(slab.duplicate().limit(slab.position()).position(start + 8));
    for (ByteBuffer part : entry.payload()) {
      for (int from = 0; from < part.remaining(); from += PIECE_BYTES) {
        int bytes = Math.min(PIECE_BYTES, part.remaining() - from);
        int at = slab.position();
        slab.put(at, part, part.position() + from, bytes).position(at + bytes);
        crc.update(slab.duplicate().limit(at + bytes).position(at));
      }
    }
    slab.putInt(start + 4, (int) crc.getValue());
    int end = start + (int) RecordLayout.framedBytes(entry);
    while (slab.position() < end) {
      slab.put((byte) 0);
    }
    return offset;
  }

  /** For a record that is larger than what is left of the slab: the checksum comes first. */
  private long putInPieces(StorageFile file, Item item, long epoch, long offset)
      throws IOException {
    Entry entry = item.entry();
    scratch.clear();
    RecordLayout.putFields(scratch, item.shard(), entry);
    RecordLayout.seeded(crc, epoch).update(scratch.duplicate().flip().position(8));
    entry.payload().forEach(part -> crc.update(part.duplicate()));
    scratch.putInt(4, (int) crc.getValue());
    long bytes = scratch.position() + entry.payloadBytes();
    long at = copy(file, offset, scratch.flip());
    for (ByteBuffer part : entry.payload()) {
      at = copy(file, at, part.duplicate());
    }
    return zeros(file, at, (int) (RecordLayout.align(bytes) - bytes));
  }

  private long copy(StorageFile file, long offset, ByteBuffer source) throws IOException {
    long at = offset;
    while (source.hasRemaining()) {
      at = slab.hasRemaining() ? at : flush(file, at);
      int bytes = Math.min(slab.remaining(), source.remaining());
      slab.put(slab.position(), source, source.position(), bytes);
      slab.position(slab.position() + bytes);
      source.position(source.position() + bytes);
    }
    return at;
  }

  private long zeros(StorageFile file, long offset, int count) throws IOException {
    long at = offset;
    for (int i = 0; i < count; i++) {
      at = slab.hasRemaining() ? at : flush(file, at);
      slab.put((byte) 0);
    }
    return at;
  }

  private long flush(StorageFile file, long offset) throws IOException {
    slab.flip();
    int bytes = slab.remaining();
    file.writeDurably(slab, offset);
    slab.clear();
    return offset + bytes;
  }
}
