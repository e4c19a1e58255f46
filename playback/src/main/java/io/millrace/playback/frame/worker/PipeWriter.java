package io.millrace.playback.frame.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes protocol values to a pipe; large payloads bypass its buffer. */
public final class PipeWriter {
  private final WritableByteChannel channel;
  private final ByteBuffer small = ByteBuffer.allocateDirect(8192);

  public PipeWriter(WritableByteChannel channel) {
    this.channel = channel;
  }

  public PipeWriter writeByte(int value) throws IOException {
    ensure(1);
    small.put((byte) value);
    return this;
  }

  public PipeWriter writeInt(int value) throws IOException {
    ensure(4);
    small.putInt(value);
    return this;
  }

  public PipeWriter writeLong(long value) throws IOException {
    ensure(8);
    small.putLong(value);
    return this;
  }

  /** Cuts text that is longer than the protocol takes. */
  public PipeWriter writeText(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > WorkerProtocol.MAX_TEXT_BYTES) {
      bytes = Arrays.copyOf(bytes, WorkerProtocol.MAX_TEXT_BYTES);
    }
    return writeBytes(ByteBuffer.wrap(bytes));
  }

  /** Writes a size and the bytes from position to limit; the buffer is borrowed. */
  public PipeWriter writeBytes(ByteBuffer bytes) throws IOException {
    writeInt(bytes.remaining());
    ByteBuffer view = bytes.duplicate();
    if (view.remaining() <= small.remaining()) {
      small.put(view);
      return this;
    }
    flush();
    while (view.hasRemaining()) {
      channel.write(view);
    }
    return this;
  }

  public void flush() throws IOException {
    small.flip();
    while (small.hasRemaining()) {
      channel.write(small);
    }
    small.clear();
  }

  private void ensure(int bytes) throws IOException {
    if (small.remaining() < bytes) {
      flush();
    }
  }
}
