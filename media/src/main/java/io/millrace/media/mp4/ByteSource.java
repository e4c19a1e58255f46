package io.millrace.media.mp4;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file of known size, read at any offset. Implemented by whoever has the file. */
public interface ByteSource {
  /** Bytes in it; does not change. */
  long size();

  /**
   * Fills the target from its position to its limit.
   *
   * @param offset from the start of the file; offset plus remaining is at most {@link #size}
   * @throws IOException if the bytes cannot be read
   */
  void read(long offset, ByteBuffer target) throws IOException;

  /** A source over bytes in memory; the buffer is borrowed from position to limit. */
  static ByteSource of(ByteBuffer bytes) {
    ByteBuffer view = bytes.slice();
    return new ByteSource() {
      @Override
      public long size() {
        return view.limit();
      }

      @Override
      public void read(long offset, ByteBuffer target) {
        target.put(view.slice((int) offset, target.remaining()));
      }
    };
  }
}
