package io.millrace.store.segment.storage;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** A bounded stock of aligned direct buffers for reads, all of one size. Thread-safe. */
public final class AlignedBuffers {
  private final ArrayDeque<ByteBuffer> idle = new ArrayDeque<>();
  private final int sizeBytes;
  private final int keep;

  /**
   * @param sizeBytes size of each, a multiple of the alignment
   * @param keep how many idle ones stay
   */
  public AlignedBuffers(int sizeBytes, int keep) {
    this.sizeBytes = sizeBytes;
    this.keep = keep;
  }

  /** A new buffer outside any stock. */
  public static ByteBuffer allocate(int sizeBytes) {
    return ByteBuffer.allocateDirect(sizeBytes + Storage.ALIGNMENT).alignedSlice(Storage.ALIGNMENT);
  }

  public ByteBuffer take() {
    synchronized (this) {
      ByteBuffer buffer = idle.pollFirst();
      if (buffer != null) {
        return buffer.clear();
      }
    }
    return allocate(sizeBytes).limit(sizeBytes).slice();
  }

  public synchronized void give(ByteBuffer buffer) {
    if (idle.size() < keep) {
      idle.addFirst(buffer);
    }
  }

  /** Rounds up to the alignment. */
  public static long pad(long bytes) {
    return (bytes + Storage.ALIGNMENT - 1) & -Storage.ALIGNMENT;
  }
}
