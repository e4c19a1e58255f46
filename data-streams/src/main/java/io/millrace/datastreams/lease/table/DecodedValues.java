package io.millrace.datastreams.lease.table;

import io.millrace.datastreams.lease.value.Item;
import io.millrace.datastreams.lease.value.ItemCodec;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tables and items that were decoded before, so that reading many again costs little. An entry
 * counts only for the very bytes it was decoded from.
 */
final class DecodedValues {
  /** Forgotten altogether when as many names are gone from the store. */
  private static final int MAX_STALE = 1000;

  private static final class Entry {
    private final byte[] bytes;
    private final Object value;

    Entry(byte[] bytes, Object value) {
      this.bytes = bytes;
      this.value = value;
    }
  }

  private final ConcurrentHashMap<String, Entry> byName = new ConcurrentHashMap<>();

  LeaseTable table(String name, byte[] bytes) {
    return decoded(name, bytes) instanceof LeaseTable known
        ? known
        : keep(name, bytes, LeaseTable.decode(bytes));
  }

  Item item(String name, byte[] bytes) {
    return decoded(name, bytes) instanceof Item known
        ? known
        : keep(name, bytes, ItemCodec.decode(bytes));
  }

  private Object decoded(String name, byte[] bytes) {
    Entry entry = byName.get(name);
    return entry != null && entry.bytes == bytes ? entry.value : "none";
  }

  private <T> T keep(String name, byte[] bytes, T value) {
    byName.put(name, new Entry(bytes, value));
    return value;
  }

  /** Bounds what is kept by what there is. */
  void trim(int present) {
    if (byName.mappingCount() > (long) present + MAX_STALE) {
      byName.clear();
    }
  }
}
