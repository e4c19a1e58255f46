package io.millrace.ingest.rtsp.datagram;

import io.vertx.core.Context;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Datagrams on their way from the thread that reads to an event loop; bounded. One wake-up brings
 * over all that came in the meantime. Thread-safe.
 */
final class DatagramQueue {
  private final Context context;
  private final int maxBytes;
  private final Consumer<ByteBuffer> receiver;
  private final LongAdder dropped;
  private ArrayDeque<byte[]> arrived = new ArrayDeque<>();
  private ArrayDeque<byte[]> draining = new ArrayDeque<>();
  private int waitingBytes;
  private boolean scheduled;
  private volatile boolean closed;

  DatagramQueue(Context context, int maxBytes, Consumer<ByteBuffer> receiver, LongAdder dropped) {
    this.context = context;
    this.maxBytes = maxBytes;
    this.receiver = receiver;
    this.dropped = dropped;
  }

  /**
   * Adds a datagram, which waits until {@link #flush}; drops it where there is no room.
   *
   * @param packet taken
   */
  synchronized void add(byte[] packet) {
    if (waitingBytes + packet.length > maxBytes) {
      dropped.increment();
      return;
    }
    waitingBytes += packet.length;
    arrived.add(packet);
  }

  /** Brings what waits to the event loop. */
  void flush() {
    synchronized (this) {
      if (scheduled || arrived.isEmpty()) {
        return;
      }
      scheduled = true;
    }
    context.runOnContext(unused -> drain());
  }

  /** Hands on what waits; on the event loop. */
  void drain() {
    synchronized (this) {
      ArrayDeque<byte[]> empty = draining;
      draining = arrived;
      arrived = empty;
      waitingBytes = 0;
      scheduled = false;
    }
    for (byte[] next = draining.poll(); next != null; next = draining.poll()) {
      if (!closed) {
        receiver.accept(ByteBuffer.wrap(next));
      }
    }
  }

  void close() {
    closed = true;
  }
}
