package io.millrace.api.content;

import io.vertx.core.buffer.Buffer;
import java.io.OutputStream;

/** Collects what is written in a buffer that a response takes without another copy. */
public final class BufferOutput extends OutputStream {
  private final Buffer buffer;

  /**
   * @param sizeHint bytes to begin with
   */
  public BufferOutput(int sizeHint) {
    buffer = Buffer.buffer(sizeHint);
  }

  /** What was written so far; shared, not copied. */
  public Buffer buffer() {
    return buffer;
  }

  @Override
  public void write(int b) {
    buffer.appendByte((byte) b);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    buffer.appendBytes(bytes, offset, length);
  }
}
