package io.millrace.media.mkv;

import io.millrace.media.ebml.VarInt;
import java.nio.ByteBuffer;

/** Finds and blanks the size field of the Segment in a header part. */
final class SegmentSize {
  private SegmentSize() {}

  static ByteBuffer makeUnknown(ByteBuffer headerPart) {
    ByteBuffer copy = ByteBuffer.allocate(headerPart.remaining());
    copy.put(headerPart.duplicate()).flip();
    try {
      long at = 0;
      while (true) {
        int idBytes = VarInt.lengthOf(copy.get((int) at));
        boolean segment = idBytes == 4 && copy.getInt((int) at) == MatroskaId.SEGMENT;
        int sizeAt = (int) at + idBytes;
        int first = copy.get(sizeAt);
        int sizeBytes = VarInt.lengthOf(first);
        if (segment) {
          VarInt.put(copy.slice(sizeAt, sizeBytes), VarInt.allOnes(sizeBytes), sizeBytes);
          return copy;
        }
        long size = VarInt.firstBits(first, sizeBytes);
        for (int i = 1; i < sizeBytes; i++) {
          size = size << 8 | (copy.get(sizeAt + i) & 0xff);
        }
        at = sizeAt + sizeBytes + size;
        if (at < 0 || at >= copy.limit()) {
          throw new IllegalArgumentException("no Segment in the header part");
        }
      }
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("no Segment in the header part", e);
    }
  }
}
