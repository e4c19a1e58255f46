package io.millrace.datastreams.lease.table;

import io.millrace.datastreams.lease.expression.KeyCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;

/** The key attributes of a table or an index. */
public record KeySchema(KeyCondition.Key hash, Optional<KeyCondition.Key> range) {
  /**
   * The schema a description tells.
   *
   * @param elements of which one is HASH, each among the definitions
   */
  static KeySchema of(List<KeySchemaElement> elements, List<AttributeDefinition> definitions) {
    Optional<KeyCondition.Key> hash = Optional.empty();
    Optional<KeyCondition.Key> range = Optional.empty();
    for (KeySchemaElement element : elements) {
      String type =
          definitions.stream()
              .filter(definition -> definition.attributeName().equals(element.attributeName()))
              .findFirst()
              .orElseThrow()
              .attributeTypeAsString();
      Optional<KeyCondition.Key> key =
          Optional.of(new KeyCondition.Key(element.attributeName(), type));
      if (element.keyType() == KeyType.HASH) {
        hash = key;
      } else {
        range = key;
      }
    }
    return new KeySchema(hash.orElseThrow(), range);
  }

  /** Hash key first. */
  public List<KeyCondition.Key> keys() {
    List<KeyCondition.Key> keys = new ArrayList<>();
    keys.add(hash);
    range.ifPresent(keys::add);
    return keys;
  }

  /** Names of its attributes, hash key first. */
  public List<String> names() {
    return keys().stream().map(KeyCondition.Key::name).toList();
  }

  /** Whether attributes have all of them. */
  public boolean isIn(Map<String, ?> attributes) {
    return attributes.keySet().containsAll(names());
  }
}
