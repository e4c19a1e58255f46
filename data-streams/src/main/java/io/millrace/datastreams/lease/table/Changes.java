package io.millrace.datastreams.lease.table;

import io.millrace.datastreams.lease.value.Item;
import io.millrace.datastreams.lease.value.ItemCodec;
import io.millrace.store.table.Table;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What one update of the tables will do. */
public final class Changes {
  private final Map<String, byte[]> puts = new HashMap<>();
  private final Set<String> removes = new HashSet<>();

  /** Makes or changes a table. */
  public void put(LeaseTable table) {
    puts.put(TableView.TABLES + table.name(), table.encode());
  }

  /** Removes a table with all its items. */
  public void remove(TableView view, LeaseTable table) {
    removes.add(TableView.TABLES + table.name());
    view.items(table).forEach(placed -> remove(placed.key()));
  }

  /** Makes or changes an item. */
  public void put(ItemKey key, Item item) {
    puts.put(key.name(), ItemCodec.encode(item));
    removes.remove(key.name());
  }

  /** Removes an item. */
  public void remove(ItemKey key) {
    removes.add(key.name());
    puts.remove(key.name());
  }

  <R> Table.Update<R> with(R result) {
    return new Table.Update<>(puts, removes, result);
  }
}
