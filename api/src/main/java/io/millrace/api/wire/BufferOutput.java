package io.millrace.api.wire;

import io.vertx.core.buffer.Buffer;
import java.io.OutputStream;

/** Collects what is written in a buffer that a response takes without another copy. */
final class BufferOutput extends OutputStream {
  private final Buffer buffer;

  BufferOutput(int sizeHint) {
    buffer = Buffer.buffer(sizeHint);
  }

  Buffer buffer() {
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
