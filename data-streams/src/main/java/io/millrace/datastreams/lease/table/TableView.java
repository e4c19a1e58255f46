package io.millrace.datastreams.lease.table;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.datastreams.lease.value.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tables and items as they are at one moment, or at every look when it is of what is durable. */
public final class TableView {
  static final String TABLES = "table/";
  private static final String AFTER_TABLES = "table0";

  private final NavigableMap<String, byte[]> values;
  private final DecodedValues decoded;

  TableView(NavigableMap<String, byte[]> values, DecodedValues decoded) {
    this.values = values;
    this.decoded = decoded;
  }

  /** An item and where it stands. */
  public record Placed(ItemKey key, Item item) {}

  /** A table, if there is one of that name. */
  public Optional<LeaseTable> find(String name) {
    return Optional.ofNullable(values.get(TABLES + name))
        .map(bytes -> decoded.table(TABLES + name, bytes));
  }

  /**
   * A table.
   *
   * @throws AwsException RESOURCE_NOT_FOUND if there is none of that name
   */
  public LeaseTable table(String name) {
    return find(name)
        .orElseThrow(() -> AwsError.RESOURCE_NOT_FOUND.because("Requested resource not found"));
  }

  /** Names of all tables, in order. */
  public List<String> tableNames() {
    List<String> names = new ArrayList<>();
    for (String name : values.subMap(TABLES, AFTER_TABLES).keySet()) {
      names.add(name.substring(TABLES.length()));
    }
    return names;
  }

  /** Tables and items together; cheap. */
  public int count() {
    return values.size();
  }

  /** An item, if there is one of that key. */
  public Optional<Item> item(ItemKey key) {
    return Optional.ofNullable(values.get(key.name()))
        .map(bytes -> decoded.item(key.name(), bytes));
  }

  /** All items of a table, in the order of their names; read as they are asked for. */
  public Stream<Placed> items(LeaseTable table) {
    String prefix = ItemKey.prefix(table);
    return between(prefix, true, prefix + "g");
  }

  /**
   * Items of a table from a name on.
   *
   * @param isInclusive whether one of that very name belongs to them
   * @param to a name after the last
   */
  public Stream<Placed> between(String from, boolean isInclusive, String to) {
    if (from.compareTo(to) >= 0) {
      return Stream.empty();
    }
    return values.subMap(from, isInclusive, to, false).entrySet().stream()
        .map(
            entry ->
                new Placed(
                    new ItemKey(entry.getKey()), decoded.item(entry.getKey(), entry.getValue())));
  }

  /** All items of one hash key, in the order of their names. */
  public Stream<Placed> ofHash(LeaseTable table, AttributeValue hash) {
    String prefix = ItemKey.hashPrefix(table, hash);
    return between(prefix, true, prefix + "g");
  }
}
