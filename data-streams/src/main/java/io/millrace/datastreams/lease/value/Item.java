package io.millrace.datastreams.lease.value;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One item of a table, or a part of one. Immutable.
 *
 * @param attributes checked values by name
 * @param sizeBytes size as item limits count it
 */
public record Item(Map<String, AttributeValue> attributes, int sizeBytes) {
  /** Without attributes: what conditions see where there is no item. */
  public static final Item EMPTY = new Item(Map.of(), 0);

  /**
   * An item of attributes.
   *
   * @param attributes checked values
   */
  public static Item of(Map<String, AttributeValue> attributes) {
    return new Item(
        Collections.unmodifiableMap(new LinkedHashMap<>(attributes)), Values.sizeBytes(attributes));
  }

  /** The value of a top-level attribute. */
  public Optional<AttributeValue> get(String name) {
    return Optional.ofNullable(attributes.get(name));
  }
}
