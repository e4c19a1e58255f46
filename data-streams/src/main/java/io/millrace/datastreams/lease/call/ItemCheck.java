package io.millrace.datastreams.lease.call;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.datastreams.lease.expression.KeyCondition;
import io.millrace.datastreams.lease.table.IndexSchema;
import io.millrace.datastreams.lease.table.LeaseTable;
import io.millrace.datastreams.lease.value.Item;
import io.millrace.datastreams.lease.value.ValueCheck;
import io.millrace.datastreams.lease.value.Values;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Checks keys and items against the schema of their table. */
final class ItemCheck {
  private final LeaseLimits limits;

  ItemCheck(LeaseLimits limits) {
    this.limits = limits;
  }

  /**
   * A key as a request gives it.
   *
   * @return checked values
   * @throws AwsException VALIDATION if it is not exactly the key of the table
   */
  Map<String, AttributeValue> key(LeaseTable table, Map<String, AttributeValue> given) {
    Map<String, AttributeValue> key = ValueCheck.normal(given);
    if (key.size() != table.key().keys().size()) {
      throw mismatch();
    }
    for (KeyCondition.Key part : table.key().keys()) {
      AttributeValue value = key.get(part.name());
      if (value == null || !Values.typeName(value).equals(part.type())) {
        throw mismatch();
      }
    }
    checkSizes(table, key);
    return key;
  }

  private static AwsException mismatch() {
    return AwsError.VALIDATION.because("The provided key element does not match the schema");
  }

  /**
   * A whole item as a request gives it.
   *
   * @throws AwsException VALIDATION
   */
  Item item(LeaseTable table, Map<String, AttributeValue> given) {
    Map<String, AttributeValue> attributes = ValueCheck.normal(given);
    for (KeyCondition.Key part : table.key().keys()) {
      AttributeValue value = attributes.get(part.name());
      if (value == null) {
        throw invalid("Missing the key %s in the item".formatted(part.name()));
      }
      if (!Values.typeName(value).equals(part.type())) {
        throw invalid(
            "Type mismatch for key %s expected: %s actual: %s"
                .formatted(part.name(), part.type(), Values.typeName(value)));
      }
    }
    checkSizes(table, attributes);
    return stored(table, attributes, "Item size has exceeded the maximum allowed size");
  }

  /** An item that an update made; its key is the request's and was checked. */
  Item updated(LeaseTable table, Map<String, AttributeValue> attributes) {
    return stored(table, attributes, "Item size to update has exceeded the maximum allowed size");
  }

  private Item stored(LeaseTable table, Map<String, AttributeValue> attributes, String tooLarge) {
    for (IndexSchema index : table.indexes().values()) {
      for (KeyCondition.Key part : index.key().keys()) {
        AttributeValue value = attributes.get(part.name());
        if (value != null) {
          checkIndexKey(index, part, value);
        }
      }
    }
    Item item = Item.of(attributes);
    if (item.sizeBytes() > limits.maxItemBytes()) {
      throw AwsError.VALIDATION.because(tooLarge);
    }
    return item;
  }

  private static void checkIndexKey(
      IndexSchema index, KeyCondition.Key part, AttributeValue value) {
    if (!Values.typeName(value).equals(part.type())) {
      throw invalid(
          "Type mismatch for Index Key %s Expected: %s Actual: %s IndexName: %s"
              .formatted(part.name(), part.type(), Values.typeName(value), index.name()));
    }
    if (!part.type().equals("N") && Values.bytes(value).length == 0) {
      throw AwsError.VALIDATION.because(
          ("One or more parameter values are not valid. A value specified for a secondary index"
                  + " key is not supported. The AttributeValue for a key attribute cannot contain"
                  + " an empty %s value. IndexName: %s, IndexKey: %s")
              .formatted(kindOf(part), index.name(), part.name()));
    }
  }

  private void checkSizes(LeaseTable table, Map<String, AttributeValue> attributes) {
    for (KeyCondition.Key part : table.key().keys()) {
      if (part.type().equals("N")) {
        continue;
      }
      AttributeValue value = attributes.get(part.name());
      int size = value == null ? 0 : Values.bytes(value).length;
      if (size == 0) {
        throw AwsError.VALIDATION.because(
            ("One or more parameter values are not valid. The AttributeValue for a key attribute"
                    + " cannot contain an empty %s value. Key: %s")
                .formatted(kindOf(part), part.name()));
      }
      if (part.equals(table.key().hash())) {
        if (size > limits.maxHashKeyBytes()) {
          throw invalid(
              "Size of hashkey has exceeded the maximum size limit of%d bytes"
                  .formatted(limits.maxHashKeyBytes()));
        }
      } else if (size > limits.maxRangeKeyBytes()) {
        throw invalid(
            "Aggregated size of all range keys has exceeded the size limit of %d bytes"
                .formatted(limits.maxRangeKeyBytes()));
      }
    }
  }

  private static String kindOf(KeyCondition.Key part) {
    return part.type().equals("S") ? "string" : "binary";
  }

  private static AwsException invalid(String what) {
    return AwsError.VALIDATION.because("One or more parameter values were invalid: " + what);
  }
}
