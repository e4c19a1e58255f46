package io.millrace.datastreams.lease.call;

import io.millrace.datastreams.lease.expression.Condition;
import io.millrace.datastreams.lease.table.IndexSchema;
import io.millrace.datastreams.lease.table.TableView;
import io.millrace.datastreams.lease.value.Item;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What a query or scan answers.
 *
 * @param items those shown; empty if they are only counted
 * @param count how many are shown or counted
 * @param scanned how many were read
 * @param lastKey from where to go on; empty at the end
 * @param bytes size of those read
 */
record Page(
    List<Map<String, AttributeValue>> items,
    int count,
    int scanned,
    Optional<Map<String, AttributeValue>> lastKey,
    long bytes) {

  /** Reads a page. */
  static Page read(PageRequest request, Stream<TableView.Placed> placed, int maxBytes) {
    List<Map<String, AttributeValue>> items = new ArrayList<>();
    int count = 0;
    int scanned = 0;
    long bytes = 0;
    Iterator<TableView.Placed> from = placed.iterator();
    while (from.hasNext()) {
      Item whole = from.next().item();
      Item item = request.index().map(index -> index.of(whole)).orElse(whole);
      scanned++;
      bytes += item.sizeBytes();
      Optional<Condition> filter = request.filter();
      if (filter.isEmpty() || filter.get().holds(item.attributes())) {
        count++;
        if (!request.countOnly()) {
          items.add(shown(request, item));
        }
      }
      if (scanned == request.limit() || (bytes >= maxBytes && from.hasNext())) {
        return new Page(items, count, scanned, Optional.of(lastKey(request, whole)), bytes);
      }
    }
    return new Page(items, count, scanned, Optional.empty(), bytes);
  }

  private static Map<String, AttributeValue> shown(PageRequest request, Item item) {
    return request
        .projection()
        .map(projection -> projection.of(item.attributes()))
        .orElse(item.attributes());
  }

  private static Map<String, AttributeValue> lastKey(PageRequest request, Item item) {
    Map<String, AttributeValue> key = new LinkedHashMap<>(item.attributes());
    List<String> names = new ArrayList<>(request.table().key().names());
    request.index().map(IndexSchema::key).ifPresent(index -> names.addAll(index.names()));
    key.keySet().retainAll(names);
    return key;
  }
}
