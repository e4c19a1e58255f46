package io.millrace.datastreams.lease.call;

import io.millrace.datastreams.lease.expression.Condition;
import io.millrace.datastreams.lease.expression.UpdateAction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What a request wants done to one item.
 *
 * @param tableName table of the item
 * @param attributes the whole item for a put, its key otherwise; as the request gives them
 * @param condition must hold, or nothing is done
 * @param showsItem whether the refusal of a condition shows the item
 * @param action what is done
 */
record ItemWrite(
    String tableName,
    Map<String, AttributeValue> attributes,
    Optional<Condition> condition,
    boolean showsItem,
    Action action) {

  sealed interface Action {}

  /** Puts the item in place of what there is. */
  record Put() implements Action {}

  /** Removes the item. */
  record Delete() implements Action {}

  /** Changes the item, or makes one of its key. */
  record Update(List<UpdateAction> changes) implements Action {
    Update {
      changes = List.copyOf(changes);
    }
  }

  /** Only looks whether the condition holds. */
  record Check() implements Action {}
}
