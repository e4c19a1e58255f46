package io.millrace.datastreams.lease.table;

import io.millrace.store.table.Table;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/** All tables and items, in one durable table of the store. Thread-safe. */
public final class TableStore {
  private final Table table;
  private final DecodedValues decoded = new DecodedValues();

  public TableStore(Table table) {
    this.table = table;
  }

  /** What is durable. */
  public TableView durable() {
    return new TableView(table.entries(), decoded);
  }

  /**
   * Decides on and does changes after all that were asked for before, and completes when they are
   * durable. What is thrown, the stage fails with, and nothing changes.
   *
   * @param decide sees what all before it did and fills in what to do; must not block
   */
  public <R> CompletionStage<R> update(BiFunction<TableView, Changes, R> decide) {
    return table
        .update(
            values -> {
              Changes changes = new Changes();
              R result = decide.apply(new TableView(values, decoded), changes);
              return changes.with(result);
            })
        .thenApply(
            result -> {
              decoded.trim(table.entries().size());
              return result;
            });
  }
}
