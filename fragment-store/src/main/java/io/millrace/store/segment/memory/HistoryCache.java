package io.millrace.store.segment.memory;

import io.millrace.store.StoreMetrics;
import io.millrace.store.segment.file.OpenFiles;
import io.millrace.store.segment.file.Segment;
import io.millrace.store.segment.storage.AlignedBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Windows of history that were read last, for all readers of their lane: each is read once however
 * many ask for it at a time. Within a number of bytes; the one used longest ago leaves first.
 * Thread-safe.
 */
public final class HistoryCache {
  private final long maxBytes;
  private final OpenFiles files;
  private final AlignedBuffers buffers;
  private final StoreMetrics metrics;
  private final LinkedHashMap<Place, Slot> slots = new LinkedHashMap<>(64, 0.75f, true);
  private long bytes;

  /** Where a window begins. */
  private record Place(Segment segment, long offset) {}

  /** A window that is read, or was. */
  private static final class Slot {
    private final long end;
    private final CompletableFuture<HistoryWindow> window = new CompletableFuture<>();
    private long bytes;

    private Slot(long end) {
      this.end = end;
    }
  }

  /**
   * @param maxBytes of windows; 0 shares only what is asked for at the same time
   * @param files where to read
   * @param buffers windows for direct reads
   */
  public HistoryCache(
      long maxBytes, OpenFiles files, AlignedBuffers buffers, StoreMetrics metrics) {
    this.maxBytes = maxBytes;
    this.files = files;
    this.buffers = buffers;
    this.metrics = metrics;
  }

  /** Bytes held. */
  public synchronized long bytes() {
    return bytes;
  }

  /**
   * A window, read now if it is not here; waits for whoever reads it already.
   *
   * @param segment acquired
   * @param start offset of its first block
   * @param end offset behind its last block; it may hold more
   */
  public HistoryWindow get(Segment segment, long start, long end) throws IOException {
    Place place = new Place(segment, start);
    Slot slot;
    boolean mine = false;
    synchronized (this) {
      slot = slots.get(place);
      if (slot == null || slot.end < end) {
        if (slot != null) {
          bytes -= slot.bytes;
        }
        slot = new Slot(end);
        slots.put(place, slot);
        mine = true;
      }
    }
    if (mine) {
      read(place, slot);
    } else {
      metrics.windowsFromMemory.increment();
    }
    try {
      return slot.window.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private void read(Place place, Slot slot) {
    ByteBuffer buffer = buffers.take();
    try {
      HistoryWindow window =
          files.use(
              place.segment(),
              file ->
                  new WindowReader(place.segment(), place.offset(), slot.end).read(file, buffer));
      metrics.windowsRead.increment();
      metrics.bytesReadFromDisk.add(slot.end - place.offset());
      settle(
          place, slot, window.damage() == null ? window.records().memoryBytes() : Long.MAX_VALUE);
      slot.window.complete(window);
    } catch (IOException | RuntimeException | Error e) {
      settle(place, slot, Long.MAX_VALUE);
      slot.window.completeExceptionally(e);
    } finally {
      buffers.give(buffer);
    }
  }

  /** Accounts for a window that was read, if it is still wanted. */
  private synchronized void settle(Place place, Slot slot, long size) {
    if (slots.get(place) != slot) {
      return;
    }
    if (size > maxBytes) {
      slots.remove(place);
      return;
    }
    slot.bytes = size;
    bytes += size;
    Iterator<Slot> oldest = slots.values().iterator();
    while (bytes > maxBytes && oldest.hasNext()) {
      Slot each = oldest.next();
      // One that is being read costs nothing yet, and whoever reads it needs it.
      if (each.bytes > 0) {
        bytes -= each.bytes;
        oldest.remove();
      }
    }
  }

  /** Lets go of the windows of a segment. */
  public synchronized void forget(Segment segment) {
    Iterator<Map.Entry<Place, Slot>> each = slots.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<Place, Slot> slot = each.next();
      if (slot.getKey().segment() == segment) {
        bytes -= slot.getValue().bytes;
        each.remove();
      }
    }
  }
}
