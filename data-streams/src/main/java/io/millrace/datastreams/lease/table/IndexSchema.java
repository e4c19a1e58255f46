package io.millrace.datastreams.lease.table;

import io.millrace.datastreams.lease.value.Item;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A secondary index.
 *
 * @param key its own key; items that lack it are not in the index
 * @param projected names of the attributes it shows; empty if it shows all
 */
public record IndexSchema(String name, KeySchema key, Optional<Set<String>> projected) {
  public IndexSchema {
    projected = projected.map(LinkedHashSet::new);
  }

  /** What the index shows of an item. */
  public Item of(Item item) {
    if (projected.isEmpty()) {
      return item;
    }
    Map<String, AttributeValue> shown = new LinkedHashMap<>(item.attributes());
    shown.keySet().retainAll(projected.get());
    return Item.of(shown);
  }
}
