package io.millrace.store.segment.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open segment file. Thread-safe for reads beside one writer. */
public interface StorageFile extends AutoCloseable {
  /**
   * Reads until the buffer is full or the file ends. Position, buffer address and remaining bytes
   * are aligned.
   *
   * @return bytes read, 0 at or beyond the end
   */
  int read(ByteBuffer target, long position) throws IOException;

  /**
   * Writes all remaining bytes; they are on stable storage when it returns. After an exception the
   * bytes of this call may be there, in part or not at all; others are untouched. Position, buffer
   * address and remaining bytes are aligned.
   */
  void writeDurably(ByteBuffer source, long position) throws IOException;

  /** Bytes of the file. */
  long sizeBytes() throws IOException;

  @Override
  void close() throws IOException;
}
