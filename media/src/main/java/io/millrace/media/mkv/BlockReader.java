package io.millrace.media.mkv;

import io.millrace.media.track.MediaException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Takes one Block or SimpleBlock apart while its bytes arrive. Without lacing it keeps only the
 * header and as much payload as is to be delivered; a laced block is kept whole. Reused for every
 * block.
 */
final class BlockReader {
  /** Track number (up to 8 bytes), 2 bytes of offset, flags. */
  private static final int MAX_HEADER = 11;

  private static final int FLAG_KEY = 0x80;
  private static final int LACING_MASK = 0x06;

  private final int deliveredBytes;
  private final int maxLacedBytes;

  private byte[] kept = new byte[64];
  private int keptBytes;
  private long size;
  private long dataOffset;
  private int headerBytes;
  private long wanted;

  int trackNumber;
  int relativeTicks;
  boolean keyFlag;
  int lacing;

  /** Frames in this block; 1 without lacing. */
  int frames;

  int[] frameSizes = new int[1];

  /** Offset of the first frame within the block. */
  int framesStart;

  BlockReader(int deliveredBytes, int maxLacedBytes) {
    this.deliveredBytes = deliveredBytes;
    this.maxLacedBytes = maxLacedBytes;
  }

  void start(long dataOffset, long size) {
    this.dataOffset = dataOffset;
    this.size = size;
    keptBytes = 0;
    headerBytes = 0;
    frames = 0;
    wanted = Math.min(size, MAX_HEADER);
  }

  /** Takes what it needs of these bytes; the buffer is borrowed and not moved. */
  void part(ByteBuffer buffer, int from, int length, Refusal refusal) throws MediaException {
    int at = from;
    int left = length;
    while (left > 0 && keptBytes < wanted) {
      int n = (int) Math.min(left, wanted - keptBytes);
      if (keptBytes + n > kept.length) {
        kept =
            Arrays.copyOf(kept, (int) Math.min(wanted, Math.max(2L * kept.length, keptBytes + n)));
      }
      buffer.get(at, kept, keptBytes, n);
      keptBytes += n;
      at += n;
      left -= n;
      if (headerBytes == 0 && keptBytes == wanted) {
        readHeader(refusal);
      }
    }
  }

  private void readHeader(Refusal refusal) throws MediaException {
    int vint = Integer.numberOfLeadingZeros(kept[0] & 0xff) - 23;
    if (vint > 8 || vint + 3 > keptBytes) {
      throw refusal.malformed("block of %d bytes has no whole header".formatted(size));
    }
    long number = kept[0] & ((1 << (8 - vint)) - 1);
    for (int i = 1; i < vint; i++) {
      number = number << 8 | (kept[i] & 0xff);
    }
    if (number > Integer.MAX_VALUE) {
      throw refusal.unsupported("track number " + number + " is too large");
    }
    trackNumber = (int) number;
    relativeTicks = (short) (kept[vint] << 8 | (kept[vint + 1] & 0xff));
    int flags = kept[vint + 2];
    keyFlag = (flags & FLAG_KEY) != 0;
    lacing = flags & LACING_MASK;
    headerBytes = vint + 3;
    if (lacing == 0) {
      wanted = Math.max(keptBytes, Math.min(size, (long) headerBytes + deliveredBytes));
      return;
    }
    if (size > maxLacedBytes) {
      throw refusal.unsupported(
          "laced block of %d bytes exceeds the limit of %d".formatted(size, maxLacedBytes));
    }
    wanted = size;
  }

  /** The block is complete: finds its frames. */
  void end(Refusal refusal) throws MediaException {
    if (headerBytes == 0) {
      throw refusal.malformed("block of %d bytes has no whole header".formatted(size));
    }
    if (lacing == 0) {
      frames = 1;
      framesStart = headerBytes;
      frameSizes[0] = (int) (size - headerBytes);
      return;
    }
    Lacing parsed = Lacing.read(ByteBuffer.wrap(kept, 0, keptBytes), headerBytes, lacing, refusal);
    frames = parsed.sizes.length;
    frameSizes = parsed.sizes;
    framesStart = parsed.start;
  }

  long dataOffset() {
    return dataOffset;
  }

  byte[] kept() {
    return kept;
  }

  int keptBytes() {
    return keptBytes;
  }
}
