package io.millrace.datastreams.lease.call;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.datastreams.lease.expression.KeyCondition;
import io.millrace.datastreams.lease.table.IndexSchema;
import io.millrace.datastreams.lease.table.ItemKey;
import io.millrace.datastreams.lease.table.LeaseTable;
import io.millrace.datastreams.lease.value.ValueCheck;
import io.millrace.datastreams.lease.value.Values;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * After which item a page begins; the item itself may be gone.
 *
 * @param values keys of the table and of the index that is read
 * @param key where the item stands or stood
 */
record StartKey(Map<String, AttributeValue> values, ItemKey key) {
  /**
   * The start a request names.
   *
   * @throws AwsException VALIDATION if it is no key
   */
  static StartKey of(
      LeaseTable table, Optional<IndexSchema> index, Map<String, AttributeValue> given) {
    Map<String, AttributeValue> values = ValueCheck.normal(given);
    Map<String, String> types = new HashMap<>();
    for (KeyCondition.Key part : table.key().keys()) {
      types.put(part.name(), part.type());
    }
    if (index.isPresent()) {
      for (KeyCondition.Key part : index.get().key().keys()) {
        types.put(part.name(), part.type());
      }
    }
    if (!values.keySet().equals(types.keySet())) {
      throw invalid("");
    }
    values.forEach(
        (name, value) -> {
          if (!Values.typeName(value).equals(types.get(name))) {
            throw invalid(": The provided key element does not match the schema");
          }
        });
    return new StartKey(values, ItemKey.of(table, values));
  }

  private static AwsException invalid(String why) {
    return AwsError.VALIDATION.because("The provided starting key is invalid" + why);
  }
}
