package io.millrace.datastreams.lease.call;

import io.millrace.datastreams.lease.table.ItemKey;
import io.millrace.datastreams.lease.table.LeaseTable;
import io.millrace.datastreams.lease.table.TableStore;
import io.millrace.datastreams.lease.table.TableView;
import io.millrace.datastreams.lease.value.Item;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Removes items whose time to live has passed. */
public final class Expiry {
  /** A time longer ago is taken for a mistake, as the service does. */
  private static final Duration OLDEST = Duration.ofDays(5 * 365);

  /** Items of one sweep, so that it holds nobody up; the rest goes with the next. */
  private static final int MAX_PER_SWEEP = 1000;

  private final TableStore store;
  private final InstantSource clock;
  private final LeaseMetrics metrics;

  public Expiry(TableStore store, InstantSource clock, LeaseMetrics metrics) {
    this.store = store;
    this.clock = clock;
    this.metrics = metrics;
  }

  /**
   * Removes what has expired.
   *
   * @return how many items, when that is durable
   */
  public CompletionStage<Integer> sweep() {
    long now = clock.instant().getEpochSecond();
    List<TableView.Placed> expired = expired(store.durable(), now);
    return store.update(
        (view, changes) -> {
          int removed = 0;
          for (TableView.Placed seen : expired) {
            ItemKey key = seen.key();
            // It may have been given more time since it was seen.
            if (view.item(key).filter(seen.item()::equals).isPresent()) {
              changes.remove(key);
              removed++;
            }
          }
          metrics.itemsExpired.add(removed);
          return removed;
        });
  }

  private static List<TableView.Placed> expired(TableView view, long nowSeconds) {
    return view.tableNames().stream()
        .flatMap(name -> view.find(name).stream())
        .filter(table -> table.ttlAttribute().isPresent())
        .flatMap(
            table -> view.items(table).filter(placed -> isOver(table, placed.item(), nowSeconds)))
        .limit(MAX_PER_SWEEP)
        .toList();
  }

  private static boolean isOver(LeaseTable table, Item item, long nowSeconds) {
    AttributeValue time = item.attributes().get(table.ttlAttribute().orElseThrow());
    if (time == null || time.type() != AttributeValue.Type.N) {
      return false;
    }
    BigDecimal seconds = new BigDecimal(time.n());
    return seconds.compareTo(BigDecimal.valueOf(nowSeconds)) <= 0
        && seconds.compareTo(BigDecimal.valueOf(nowSeconds - OLDEST.toSeconds())) > 0;
  }
}
