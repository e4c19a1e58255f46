package io.millrace.api;

import io.millrace.api.error.AwsError;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What the front door counts. Keys are names of operations and patterns of routes, never text from
 * a client, so their number is bounded. Thread-safe.
 */
public final class ApiMetrics {
  private final ConcurrentMap<String, Operation> operations = new ConcurrentHashMap<>();
  private final ConcurrentMap<AwsError, LongAdder> errors = new ConcurrentHashMap<>();
  private final LongAdder inFlight = new LongAdder();

  /** Counts of one operation or route. */
  public static final class Operation {
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder clientFaults = new LongAdder();
    private final LongAdder serverFaults = new LongAdder();
    private final LongAdder durationNanos = new LongAdder();

    private Operation() {}

    /** Requests answered as asked. */
    public long succeeded() {
      return succeeded.sum();
    }

    /** Requests refused with a status below 500, and those whose client went away. */
    public long clientFaults() {
      return clientFaults.sum();
    }

    /** Requests that failed with a status of 500 or more. */
    public long serverFaults() {
      return serverFaults.sum();
    }

    /** Nanoseconds from head to end of answer, summed over all requests that ended. */
    public long durationNanos() {
      return durationNanos.sum();
    }
  }

  /** A request's head was read. */
  public void requestBegan() {
    inFlight.increment();
  }

  /**
   * A request ended.
   *
   * @param operation operation name or route pattern
   * @param error what the client was told, null when answered as asked
   * @param nanos from head to end of answer
   */
  public void requestEnded(String operation, @Nullable AwsError error, long nanos) {
    inFlight.decrement();
    Operation counts = operations.computeIfAbsent(operation, name -> new Operation());
    counts.durationNanos.add(nanos);
    if (error == null) {
      counts.succeeded.increment();
      return;
    }
    errors.computeIfAbsent(error, first -> new LongAdder()).increment();
    (error.isClientFault() ? counts.clientFaults : counts.serverFaults).increment();
  }

  /** Requests whose answer has not ended. */
  public long inFlight() {
    return inFlight.sum();
  }

  /** Answers that carried this error. */
  public long errors(AwsError error) {
    LongAdder count = errors.get(error);
    return count == null ? 0 : count.sum();
  }

  /** Counts by operation name or route pattern, in name order; live objects. */
  public Map<String, Operation> operations() {
    return new TreeMap<>(operations);
  }
}
