package io.millrace.datastreams.call;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.wire.OperationContext;
import io.millrace.api.wire.ServiceRoutes;
import io.millrace.datastreams.capacity.CallRates;
import io.millrace.datastreams.fault.FaultPlan;
import io.millrace.store.StoreException;
import io.vertx.core.Future;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Registers the calls of the service, each behind the same checks. */
public final class Calls {
  private final ServiceRoutes routes;
  private final CallRates rates;
  private final FaultPlan faults;

  /**
   * Answers one call.
   *
   * @param <I> request type of the AWS SDK
   */
  @FunctionalInterface
  public interface Call<I> {
    /**
     * @return the response; fails with {@link AwsException} or {@link StoreException}, wrapped or
     *     not
     */
    CompletionStage<? extends SdkPojo> answer(OperationContext context, I request);
  }

  /**
   * Answers one call with a stream of bytes that it writes itself.
   *
   * @param <I> request type of the AWS SDK
   */
  @FunctionalInterface
  public interface StreamedCall<I> {
    /** Completes when the answer ended. */
    Future<Void> answer(OperationContext context, I request);
  }

  public Calls(ServiceRoutes routes, CallRates rates, FaultPlan faults) {
    this.routes = routes;
    this.rates = rates;
    this.faults = faults;
  }

  /** Registers a call. */
  public <I extends SdkPojo, B extends SdkPojo & SdkBuilder<B, I>> void add(
      String operation, Supplier<B> builder, Call<I> call) {
    var unused =
        routes.operation(
            operation,
            builder,
            (context, request) ->
                begin(context, operation)
                    .compose(go -> context.onContext(call.answer(context, request)))
                    .recover(failure -> Future.failedFuture(told(failure))));
  }

  /** Registers a call whose answer is a stream. */
  public <I extends SdkPojo, B extends SdkPojo & SdkBuilder<B, I>> void addStreamed(
      String operation, Supplier<B> builder, StreamedCall<I> call) {
    var unused =
        routes.streaming(
            operation,
            builder,
            (context, request) ->
                begin(context, operation)
                    .compose(go -> call.answer(context, request))
                    .recover(failure -> Future.failedFuture(told(failure))));
  }

  private Future<Void> begin(OperationContext context, String operation) {
    rates.check(operation);
    if (Boolean.TRUE.equals(context.extraMembers().get("DryRun"))) {
      throw AwsError.DRY_RUN_OPERATION.because(
          "Request would have succeeded, but DryRun flag is set.");
    }
    return faults.before(context, operation);
  }

  /** What a client is told of a failure. */
  public static Throwable told(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof StoreException store ? told(store) : cause;
  }

  private static AwsException told(StoreException failure) {
    return switch (failure.kind()) {
      case NOT_FOUND, GONE, SEALED, FENCED, EXISTS, VERSION_MISMATCH ->
          AwsError.RESOURCE_NOT_FOUND.because("The stream changed meanwhile; describe it again");
      case TOO_LARGE -> AwsError.INVALID_ARGUMENT.because(String.valueOf(failure.getMessage()));
      case BUSY ->
          AwsError.PROVISIONED_THROUGHPUT_EXCEEDED.because(String.valueOf(failure.getMessage()));
      case NO_SPACE ->
          AwsError.SERVICE_UNAVAILABLE.because("The disk of this server is full", failure);
      case CLOSED -> AwsError.SERVICE_UNAVAILABLE.because("This server is stopping", failure);
      case IO -> AwsError.INTERNAL_FAILURE.because("Internal Service Failure", failure);
    };
  }
}
