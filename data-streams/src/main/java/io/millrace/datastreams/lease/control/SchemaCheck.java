package io.millrace.datastreams.lease.control;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.datastreams.lease.call.LeaseLimits;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** Checks that the keys of a table and its indexes make sense together. */
final class SchemaCheck {
  private final LeaseLimits limits;

  SchemaCheck(LeaseLimits limits) {
    this.limits = limits;
  }

  /**
   * Checks a whole description.
   *
   * @throws AwsException VALIDATION
   */
  void check(TableDescription table) {
    Map<String, String> types = new HashMap<>();
    for (AttributeDefinition definition : table.attributeDefinitions()) {
      String before = types.put(definition.attributeName(), definition.attributeTypeAsString());
      if (before != null) {
        throw invalid("Duplicate AttributeName: " + definition.attributeName());
      }
    }
    Set<String> used = new HashSet<>(keys(table.keySchema(), types, true));
    String tableHash = table.keySchema().getFirst().attributeName();
    Set<String> names = new HashSet<>();
    for (GlobalSecondaryIndexDescription index : table.globalSecondaryIndexes()) {
      checkIndex(names, index.indexName(), index.projection());
      used.addAll(keys(index.keySchema(), types, false));
    }
    for (LocalSecondaryIndexDescription index : table.localSecondaryIndexes()) {
      checkIndex(names, index.indexName(), index.projection());
      List<String> keys = keys(index.keySchema(), types, false);
      used.addAll(keys);
      if (keys.size() != 2 || !keys.getFirst().equals(tableHash)) {
        throw invalid(
            "Local secondary index %s must have the hash key of its table and a range key"
                .formatted(index.indexName()));
      }
    }
    if (!used.containsAll(types.keySet())) {
      throw invalid(
          "Some AttributeDefinitions are not used. AttributeDefinitions: %s, keys used: %s"
              .formatted(new TreeSet<>(types.keySet()), new TreeSet<>(used)));
    }
  }

  private void checkIndex(Set<String> names, String name, Projection projection) {
    if (!names.add(name)) {
      throw invalid("Duplicate index name: " + name);
    }
    if (names.size() > limits.maxIndexes()) {
      throw invalid("A table has at most %d indexes".formatted(limits.maxIndexes()));
    }
    if (projection.projectionType() == null) {
      throw invalid("Unknown ProjectionType: null");
    }
    boolean includes = projection.projectionType() == ProjectionType.INCLUDE;
    if (includes != projection.hasNonKeyAttributes()) {
      throw invalid(
          includes
              ? "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"
              : "ProjectionType is %s, but NonKeyAttributes is specified"
                  .formatted(projection.projectionTypeAsString()));
    }
  }

  private static List<String> keys(
      List<KeySchemaElement> schema, Map<String, String> types, boolean ofTable) {
    List<String> names = schema.stream().map(KeySchemaElement::attributeName).toList();
    if (schema.getFirst().keyType() != KeyType.HASH) {
      throw invalid("The first KeySchemaElement is not a HASH key type");
    }
    if (schema.size() == 2) {
      if (schema.get(1).keyType() != KeyType.RANGE) {
        throw invalid("The second KeySchemaElement is not a RANGE key type");
      }
      if (names.get(0).equals(names.get(1))) {
        throw invalid(
            "Both the Hash Key and the Range Key element in the KeySchema have the same name");
      }
    }
    if (!types.keySet().containsAll(names)) {
      throw invalid(
          "Some %skey attributes are not defined in AttributeDefinitions. Keys: [%s],"
                  .formatted(ofTable ? "" : "index ", String.join(", ", names))
              + " AttributeDefinitions: [%s]"
                  .formatted(types.keySet().stream().sorted().collect(Collectors.joining(", "))));
    }
    return names;
  }

  static AwsException invalid(String what) {
    return AwsError.VALIDATION.because("One or more parameter values were invalid: " + what);
  }
}
