package io.millrace.playback.frame.worker;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;

/** Reads protocol values from a pipe; payloads go straight into the caller's buffer. */
public final class PipeReader {
  private final ReadableByteChannel channel;
  private final ByteBuffer small = ByteBuffer.allocateDirect(8192).limit(0);

  public PipeReader(ReadableByteChannel channel) {
    this.channel = channel;
  }

  public byte readByte() throws IOException {
    ensure(1);
    return small.get();
  }

  public int readInt() throws IOException {
    ensure(4);
    return small.getInt();
  }

  public long readLong() throws IOException {
    ensure(8);
    return small.getLong();
  }

  /** Reads a size and checks it against its limit. */
  public int readSize(int limit, String what) throws IOException {
    int size = readInt();
    if (size < 0 || size > limit) {
      throw new IOException(what + " of " + size + " is beyond " + limit);
    }
    return size;
  }

  public String readText() throws IOException {
    byte[] bytes = new byte[readSize(WorkerProtocol.MAX_TEXT_BYTES, "text")];
    readFully(ByteBuffer.wrap(bytes));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Fills {@code target} up to its limit. */
  public void readFully(ByteBuffer target) throws IOException {
    int buffered = Math.min(small.remaining(), target.remaining());
    target.put(small.slice(small.position(), buffered));
    small.position(small.position() + buffered);
    while (target.hasRemaining()) {
      if (channel.read(target) < 0) {
        throw new EOFException("pipe closed with " + target.remaining() + " bytes missing");
      }
    }
  }

  private void ensure(int bytes) throws IOException {
    if (small.remaining() >= bytes) {
      return;
    }
    small.compact();
    while (small.position() < bytes) {
      if (channel.read(small) < 0) {
        throw new EOFException("pipe closed");
      }
    }
    small.flip();
  }
}
