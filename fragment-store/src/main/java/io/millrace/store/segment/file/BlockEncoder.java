package io.millrace.store.segment.file;

import io.millrace.store.segment.storage.AlignedBuffers;
import io.millrace.store.segment.storage.Storage;
import io.millrace.store.segment.storage.StorageFile;
import io.millrace.store.shard.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

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

  public BlockEncoder(int slabBytes) {
    slab = AlignedBuffers.allocate(slabBytes).limit(slabBytes).slice();
  }

  /**
   * Writes one block durably.
   *
   * @param offset where in the file, a multiple of 4 KiB
   */
  public void write(StorageFile file, long offset, long epoch, int blockNumber, Block block)
      throws IOException {
    slab.clear();
    writeRecords(file, offset, epoch, blockNumber, block);
  }

  /** Writes a segment header and its first block in one durable write. */
  public void writeFirst(StorageFile file, SegmentHeader header, Block block) throws IOException {
    slab.clear();
    header.encode(slab);
    writeRecords(file, 0, header.epoch(), 0, block);
  }

  /** The bytes of the block that was written last; null when it took more than the slab. */
  public byte @Nullable [] copy(Block written) {
    if (written.length() > slab.capacity()) {
      return null;
    }
    byte[] bytes = new byte[written.length()];
    slab.get(0, bytes);
    return bytes;
  }

  private void writeRecords(StorageFile file, long offset, long epoch, int blockNumber, Block block)
      throws IOException {
    long at = offset;
    RecordLayout.putBlockHeader(slab, crc, epoch, blockNumber, block.length(), block.count());
    for (int i = 0; i < block.count(); i++) {
      if (block.framedBytes(i) <= slab.remaining()) {
        putWhole(block.shard(i), block.entry(i), block.framedBytes(i), epoch);
      } else {
        at = putInPieces(file, block.shard(i), block.entry(i), epoch, at);
      }
    }
    int tail = slab.position() % Storage.ALIGNMENT;
    if (tail > 0) {
      slab.put(ZEROS, 0, Storage.ALIGNMENT - tail);
    }
    if (slab.position() > 0) {
      flush(file, at);
    }
  }

  /** Copies piece by piece and checks each while it is in the cache. */
  private void putWhole(int shard, Entry entry, int framedBytes, long epoch) {
    int start = slab.position();
    RecordLayout.putFields(slab, shard, entry);
    RecordLayout.seeded(crc, epoch);
    int checked = start + 8;
    List<ByteBuffer> payload = entry.payload();
    for (int i = 0; i < payload.size(); i++) {
      ByteBuffer part = payload.get(i);
      for (int from = 0; from < part.remaining(); from += PIECE_BYTES) {
        int bytes = Math.min(PIECE_BYTES, part.remaining() - from);
        int at = slab.position();
        slab.put(at, part, part.position() + from, bytes).position(at + bytes);
        if (at + bytes - checked >= PIECE_BYTES) {
          checked = check(checked, at + bytes);
        }
      }
    }
    check(checked, slab.position());
    slab.putInt(start + 4, (int) crc.getValue());
    int end = start + framedBytes;
    while (slab.position() < end) {
      slab.put((byte) 0);
    }
  }

  /** Takes bytes of the slab into the checksum; leaves the slab at their end. */
  private int check(int from, int to) {
    int limit = slab.limit();
    crc.update(slab.limit(to).position(from));
    slab.limit(limit).position(to);
    return to;
  }

  /** For a record that is larger than what is left of the slab: the checksum comes first. */
  private long putInPieces(StorageFile file, int shard, Entry entry, long epoch, long offset)
      throws IOException {
    scratch.clear();
    RecordLayout.putFields(scratch, shard, entry);
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
