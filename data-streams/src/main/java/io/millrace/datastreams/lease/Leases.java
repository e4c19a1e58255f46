package io.millrace.datastreams.lease;

import io.millrace.api.wire.OperationRouter;
import io.millrace.datastreams.lease.call.BatchCalls;
import io.millrace.datastreams.lease.call.Expiry;
import io.millrace.datastreams.lease.call.ItemCalls;
import io.millrace.datastreams.lease.call.LeaseCalls;
import io.millrace.datastreams.lease.call.LeaseLimits;
import io.millrace.datastreams.lease.call.LeaseMetrics;
import io.millrace.datastreams.lease.call.QueryCalls;
import io.millrace.datastreams.lease.call.ScanCalls;
import io.millrace.datastreams.lease.call.TransactionCalls;
import io.millrace.datastreams.lease.control.TableCalls;
import io.millrace.datastreams.lease.control.TableOptionCalls;
import io.millrace.datastreams.lease.control.TableUpdateCalls;
import io.millrace.datastreams.lease.control.TagCalls;
import io.millrace.datastreams.lease.table.TableStore;
import io.millrace.store.table.Table;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * The door to the tables of stream consumers: the part of DynamoDB's API that KCL, and whoever
 * keeps leases and checkpoints beside it, uses. Every answered write is durable; every read is
 * consistent.
 */
public final class Leases {
  private final LeaseSettings settings;
  private final TableStore store;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final LeaseMetrics metrics = new LeaseMetrics();
  private final Expiry expiry;

  /**
   * Opens the tables.
   *
   * @param table keeps all of them; must be for this alone
   * @param clock server time
   * @param random makes the ids of tables
   */
  public Leases(Table table, LeaseSettings settings, InstantSource clock, RandomGenerator random) {
    this.settings = settings;
    this.store = new TableStore(table);
    this.clock = clock;
    this.random = random;
    this.expiry = new Expiry(store, clock, metrics);
  }

  /** Registers every call. */
  public void register(OperationRouter router) {
    LeaseCalls calls =
        new LeaseCalls(router.service("dynamodb").maxBodyBytes(settings.maxBodyBytes()), store);
    LeaseLimits limits = settings.limits();
    new TableCalls(store, limits, settings.account(), clock, random).register(calls);
    new TableUpdateCalls(store, limits, clock).register(calls);
    new TableOptionCalls(store).register(calls);
    new TagCalls(store, limits).register(calls);
    new ItemCalls(store, limits, metrics).register(calls);
    new QueryCalls(limits, metrics).register(calls);
    new ScanCalls(limits, metrics).register(calls);
    new BatchCalls(store, limits, metrics).register(calls);
    new TransactionCalls(store, limits, metrics).register(calls);
  }

  /** Counters. */
  public LeaseMetrics metrics() {
    return metrics;
  }

  /** Tables and items kept. */
  public int size() {
    return store.durable().count();
  }

  /**
   * Removes items whose time to live has passed; call it every minute or so.
   *
   * @return how many, when that is durable
   */
  public CompletionStage<Integer> sweep() {
    return expiry.sweep();
  }
}
