package io.millrace.store.segment.file;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Entries of closed segments, least recently used out first. Thread-safe. */
public final class IndexCache {
  private static final int OVERHEAD_ENTRIES = 8;
  private final int maxEntries;
  private final LinkedHashMap<Segment, SegmentIndex> indexes = new LinkedHashMap<>(64, 0.75f, true);
  private long entries;

  /**
   * @param maxEntries heads kept in all
   */
  public IndexCache(int maxEntries) {
    this.maxEntries = maxEntries;
  }

  public synchronized @Nullable SegmentIndex get(Segment segment) {
    return indexes.get(segment);
  }

  public synchronized void put(Segment segment, SegmentIndex index) {
    if (indexes.putIfAbsent(segment, index) != null) {
      return;
    }
    entries += cost(index);
    Iterator<Map.Entry<Segment, SegmentIndex>> oldest = indexes.entrySet().iterator();
    while (entries > maxEntries && oldest.hasNext()) {
      entries -= cost(oldest.next().getValue());
      oldest.remove();
    }
  }

  public synchronized void forget(Segment segment) {
    SegmentIndex index = indexes.remove(segment);
    entries -= index == null ? 0 : cost(index);
  }

  private static long cost(SegmentIndex index) {
    return index.weight() + OVERHEAD_ENTRIES;
  }
}
