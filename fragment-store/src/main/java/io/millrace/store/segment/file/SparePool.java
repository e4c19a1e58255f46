package io.millrace.store.segment.file;

import io.millrace.store.segment.storage.NoSpaceException;
import io.millrace.store.segment.storage.Storage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Files of dropped segments, kept for reuse up to a number of bytes: overwriting costs half of
 * growing. Thread-safe.
 */
public final class SparePool {
  public static final String DIRECTORY = "spare";
  private final Storage storage;
  private final long maxBytes;
  private final long minBytes;
  private final long reserveBytes;
  private final TreeMap<Long, ArrayDeque<Spare>> spares = new TreeMap<>();
  private long bytes;
  private long nextName;

  /**
   * A file to make a segment of.
   *
   * @param path where it is now
   * @param sizeBytes its size
   */
  public record Spare(String path, long sizeBytes) {}

  /**
   * @param maxBytes bytes to keep
   * @param minBytes smaller files are not worth keeping
   * @param reserveBytes free bytes below which no new file is made
   */
  public SparePool(Storage storage, long maxBytes, long minBytes, long reserveBytes) {
    this.storage = storage;
    this.maxBytes = maxBytes;
    this.minBytes = minBytes;
    this.reserveBytes = reserveBytes;
  }

  /** Finds what an earlier run left. */
  public synchronized void open() throws IOException {
    storage.createDirectory(DIRECTORY);
    for (String name : storage.list(DIRECTORY)) {
      String path = DIRECTORY + "/" + name;
      if (name.matches("\\d{10}")) {
        nextName = Math.max(nextName, Long.parseLong(name) + 1);
        long size = storage.sizeBytes(path);
        if (size >= minBytes) {
          keep(new Spare(path, size));
          continue;
        }
      }
      storage.delete(path);
    }
  }

  /** A name in the spare directory nobody uses. */
  public synchronized String newPath() {
    return "%s/%010d".formatted(DIRECTORY, nextName++);
  }

  /**
   * A file that may grow to a size: a spare of up to that size and at least half of it, or a new
   * one.
   *
   * @throws NoSpaceException if a new one would eat into the reserve
   */
  public Spare take(long limitBytes) throws IOException {
    synchronized (this) {
      Map.Entry<Long, ArrayDeque<Spare>> best = spares.floorEntry(limitBytes);
      if (best != null && best.getKey() >= limitBytes / 2) {
        Spare spare = best.getValue().removeFirst();
        if (best.getValue().isEmpty()) {
          spares.remove(best.getKey());
        }
        bytes -= spare.sizeBytes();
        return spare;
      }
    }
    checkReserve();
    return new Spare(newPath(), 0);
  }

  /** Fails when the disk has no more free bytes than the reserve. */
  public void checkReserve() throws IOException {
    long usable = storage.usableBytes();
    if (usable < reserveBytes) {
      throw new NoSpaceException(
          "%d bytes free, %d are kept in reserve".formatted(usable, reserveBytes));
    }
  }

  /** Takes a file nobody reads any more; deletes it when there are enough. */
  public void give(Spare spare) {
    synchronized (this) {
      if (spare.sizeBytes() >= minBytes && bytes + spare.sizeBytes() <= maxBytes) {
        keep(spare);
        return;
      }
    }
    discard(spare.path());
  }

  /** Deletes a file; one that stays is found at the next start. */
  public void discard(@Nullable String path) {
    try {
      if (path != null) {
        storage.delete(path);
      }
    } catch (IOException e) {
      return;
    }
  }

  public synchronized long bytes() {
    return bytes;
  }

  private void keep(Spare spare) {
    spares.computeIfAbsent(spare.sizeBytes(), size -> new ArrayDeque<>()).addLast(spare);
    bytes += spare.sizeBytes();
  }
}
