package io.millrace.store.segment.file;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The payloads written last, over all streams, as the buffers they came in: readers at the live
 * edge never touch the disk. Thread-safe.
 */
public final class LiveRing {
  private static final int OVERHEAD_BYTES = 128;
  private final long maxBytes;
  private final ConcurrentHashMap<Place, List<ByteBuffer>> payloads = new ConcurrentHashMap<>();
  private final ArrayDeque<Held> order = new ArrayDeque<>();
  private long bytes;

  private record Place(Segment segment, long offset) {}

  private record Held(Place place, long bytes) {}

  public LiveRing(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  public void add(Segment segment, long offset, List<ByteBuffer> payload, long payloadBytes) {
    Held held = new Held(new Place(segment, offset), payloadBytes + OVERHEAD_BYTES);
    if (held.bytes() > maxBytes) {
      return;
    }
    payloads.put(held.place(), payload);
    synchronized (this) {
      order.addLast(held);
      bytes += held.bytes();
      while (bytes > maxBytes) {
        Held oldest = order.removeFirst();
        bytes -= oldest.bytes();
        payloads.remove(oldest.place());
      }
    }
  }

  /** The payload of a record as one read-only buffer; null when it left the ring. */
  public @Nullable ByteBuffer get(Segment segment, long offset) {
    List<ByteBuffer> parts = payloads.get(new Place(segment, offset));
    if (parts == null) {
      return null;
    }
    if (parts.size() == 1) {
      return parts.getFirst().asReadOnlyBuffer();
    }
    int size = parts.stream().mapToInt(ByteBuffer::remaining).sum();
    ByteBuffer joined = ByteBuffer.allocate(size);
    parts.forEach(part -> joined.put(part.duplicate()));
    return joined.flip().asReadOnlyBuffer();
  }

  public synchronized long bytes() {
    return bytes;
  }
}
