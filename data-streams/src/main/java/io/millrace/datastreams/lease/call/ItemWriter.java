package io.millrace.datastreams.lease.call;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.datastreams.lease.expression.UpdateAction;
import io.millrace.datastreams.lease.expression.UpdateEvaluation;
import io.millrace.datastreams.lease.table.Changes;
import io.millrace.datastreams.lease.table.ItemKey;
import io.millrace.datastreams.lease.table.LeaseTable;
import io.millrace.datastreams.lease.table.TableView;
import io.millrace.datastreams.lease.value.Item;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Does what a request wants done to items, as part of an update of the tables. */
final class ItemWriter {
  private final LeaseLimits limits;
  private final LeaseMetrics metrics;
  private final ItemCheck check;

  /** The item before and after; empty where there is none. */
  record Written(ItemKey key, Optional<Item> before, Optional<Item> after) {
    int sizeBytes() {
      int old = before.map(Item::sizeBytes).orElse(0);
      return Math.max(old, after.map(Item::sizeBytes).orElse(0));
    }
  }

  ItemWriter(LeaseLimits limits, LeaseMetrics metrics) {
    this.limits = limits;
    this.metrics = metrics;
    this.check = new ItemCheck(limits);
  }

  /** Which item it is about. */
  ItemKey key(TableView view, ItemWrite write) {
    LeaseTable table = view.table(write.tableName());
    return ItemKey.of(
        table,
        write.action() instanceof ItemWrite.Put
            ? check.item(table, write.attributes()).attributes()
            : check.key(table, write.attributes()));
  }

  /**
   * Does it.
   *
   * @throws AwsException RESOURCE_NOT_FOUND, VALIDATION, CONDITIONAL_CHECK_FAILED, LIMIT_EXCEEDED;
   *     then nothing of it is among the changes
   */
  Written write(TableView view, Changes changes, ItemWrite write) {
    LeaseTable table = view.table(write.tableName());
    return switch (write.action()) {
      case ItemWrite.Put() -> {
        Item item = check.item(table, write.attributes());
        ItemKey key = ItemKey.of(table, item.attributes());
        Optional<Item> before = checked(view, key, write);
        put(view, changes, key, before, item);
        yield new Written(key, before, Optional.of(item));
      }
      case ItemWrite.Delete() -> {
        ItemKey key = ItemKey.of(table, check.key(table, write.attributes()));
        Optional<Item> before = checked(view, key, write);
        if (before.isPresent()) {
          changes.remove(key);
          metrics.itemsWritten.increment();
        }
        yield new Written(key, before, Optional.empty());
      }
      case ItemWrite.Update(var actions) -> {
        Map<String, AttributeValue> keyValues = check.key(table, write.attributes());
        refuseKeyChanges(table, actions);
        ItemKey key = ItemKey.of(table, keyValues);
        Optional<Item> before = checked(view, key, write);
        Map<String, AttributeValue> start = new LinkedHashMap<>(keyValues);
        before.ifPresent(item -> start.putAll(item.attributes()));
        Item after = check.updated(table, UpdateEvaluation.apply(start, actions));
        put(view, changes, key, before, after);
        yield new Written(key, before, Optional.of(after));
      }
      case ItemWrite.Check() -> {
        ItemKey key = ItemKey.of(table, check.key(table, write.attributes()));
        Optional<Item> before = checked(view, key, write);
        yield new Written(key, before, before);
      }
    };
  }

  private static void refuseKeyChanges(LeaseTable table, Iterable<UpdateAction> actions) {
    for (UpdateAction action : actions) {
      if (table.key().names().contains(action.path().attribute())) {
        throw AwsError.VALIDATION.because(
            "One or more parameter values were invalid: Cannot update attribute %s. This attribute"
                    .formatted(action.path().attribute())
                + " is part of the key");
      }
    }
  }

  private Optional<Item> checked(TableView view, ItemKey key, ItemWrite write) {
    Optional<Item> before = view.item(key);
    Map<String, AttributeValue> seen = before.orElse(Item.EMPTY).attributes();
    if (write.condition().isPresent() && !write.condition().get().holds(seen)) {
      metrics.conditionsFailed.increment();
      AwsException refused =
          AwsError.CONDITIONAL_CHECK_FAILED.because("The conditional request failed");
      throw write.showsItem() && before.isPresent() ? refused.with("Item", seen) : refused;
    }
    return before;
  }

  private void put(
      TableView view, Changes changes, ItemKey key, Optional<Item> before, Item after) {
    if (before.isEmpty() && view.count() >= limits.maxItems()) {
      throw AwsError.LIMIT_EXCEEDED.because(
          "This server keeps at most %d items".formatted(limits.maxItems()));
    }
    if (before.isPresent() && before.get().attributes().equals(after.attributes())) {
      return;
    }
    changes.put(key, after);
    metrics.itemsWritten.increment();
  }
}
