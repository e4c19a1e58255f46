package io.millrace.datastreams.fault;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.wire.OperationContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.random.RandomGenerator;

/**
 * Decides what goes wrong with which call: a header of the request says it for one call, a plan set
 * by the administrator for every call of an operation. Off unless the server's settings allow it.
 * Thread-safe.
 */
public final class FaultPlan {
  /** Header of a request that names its fault. */
  public static final String HEADER = "x-millrace-fault";

  private static final String ANY = "*";

  private final boolean allowed;
  private final RandomGenerator random;
  private final ConcurrentMap<String, Planned> plans = new ConcurrentHashMap<>();

  /**
   * A fault that calls of an operation meet.
   *
   * @param fault what goes wrong
   * @param chance share of calls that meet it, 0 to 1
   */
  public record Planned(Fault fault, double chance) {}

  /**
   * @param allowed whether requests and administrators may ask for faults
   * @param random decides on chances; need not be secure
   */
  public FaultPlan(boolean allowed, RandomGenerator random) {
    this.allowed = allowed;
    this.random = random;
  }

  public boolean isAllowed() {
    return allowed;
  }

  /** Sets what calls of an operation meet from now on; {@code *} stands for all. */
  public void plan(String operation, Planned planned) {
    plans.put(operation, planned);
  }

  /** Ends all plans. */
  public void clear() {
    plans.clear();
  }

  /** The plans by operation. */
  public Map<String, Planned> plans() {
    return new TreeMap<>(plans);
  }

  /** Lets a call wait or fail as planned. */
  public Future<Void> before(OperationContext context, String operation) {
    Fault fault = of(context, operation);
    if (fault.delay().isZero()) {
      return failing(fault, operation);
    }
    return Vertx.currentContext()
        .owner()
        .timer(fault.delay().toMillis())
        .compose(waited -> failing(fault, operation));
  }

  /** Whether one record of a PutRecords call fails. */
  public boolean failsRecord(OperationContext context) {
    double partial = of(context, "PutRecords").partial();
    return partial > 0 && chance(partial);
  }

  private Fault of(OperationContext context, String operation) {
    if (!allowed) {
      return Fault.NONE;
    }
    String header = context.request().getHeader(HEADER);
    if (header != null) {
      try {
        return Fault.parse(header);
      } catch (IllegalArgumentException e) {
        throw AwsError.INVALID_ARGUMENT.because(HEADER + ": " + e.getMessage());
      }
    }
    return Optional.ofNullable(plans.get(operation))
        .or(() -> Optional.ofNullable(plans.get(ANY)))
        .filter(planned -> chance(planned.chance()))
        .map(Planned::fault)
        .orElse(Fault.NONE);
  }

  private boolean chance(double share) {
    synchronized (random) {
      return random.nextDouble() < share;
    }
  }

  private static Future<Void> failing(Fault fault, String operation) {
    return fault
        .failure()
        .map(failure -> Future.<Void>failedFuture(exception(failure, operation)))
        .orElse(Future.succeededFuture());
  }

  private static AwsException exception(Fault.Failure failure, String operation) {
    return switch (failure) {
      case THROTTLE ->
          isDataCall(operation)
              ? AwsError.PROVISIONED_THROUGHPUT_EXCEEDED.because("Rate exceeded (injected fault).")
              : AwsError.LIMIT_EXCEEDED.because("Rate exceeded (injected fault).");
      case ERROR -> AwsError.INTERNAL_FAILURE.because("Internal Service Failure");
      case UNAVAILABLE -> AwsError.SERVICE_UNAVAILABLE.because("Unavailable (injected fault).");
      case EXPIRED_ITERATOR ->
          AwsError.EXPIRED_ITERATOR.because("Iterator expired (injected fault).");
    };
  }

  private static boolean isDataCall(String operation) {
    return switch (operation) {
      case "PutRecord", "PutRecords", "GetRecords", "GetShardIterator", "SubscribeToShard" -> true;
      default -> false;
    };
  }
}
