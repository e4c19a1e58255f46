package io.millrace.datastreams.lease.call;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.wire.OperationContext;
import io.millrace.api.wire.ServiceRoutes;
import io.millrace.datastreams.lease.table.TableStore;
import io.millrace.datastreams.lease.table.TableView;
import io.millrace.store.StoreException;
import io.vertx.core.Future;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Registers the calls of the service, all with the same answer to failures. */
public final class LeaseCalls {
  /** From so many tables and items on, reading many is not done on an event loop. */
  private static final int MANY = 500;

  private final ServiceRoutes routes;
  private final TableStore store;

  public LeaseCalls(ServiceRoutes routes, TableStore store) {
    this.routes = routes;
    this.store = store;
  }

  /**
   * Registers a call that completes when what it did is durable.
   *
   * @param call fails with {@link AwsException} or {@link StoreException}, wrapped or not
   */
  public <I extends SdkPojo, B extends SdkPojo & SdkBuilder<B, I>> void add(
      String operation,
      Supplier<B> builder,
      BiFunction<OperationContext, I, CompletionStage<? extends SdkPojo>> call) {
    var unused =
        routes.operation(
            operation,
            builder,
            (context, request) ->
                answer(context, call.apply(context, request))
                    .recover(failure -> Future.failedFuture(told(failure))));
  }

  private static Future<SdkPojo> answer(
      OperationContext context, CompletionStage<? extends SdkPojo> stage) {
    return context.onContext(stage.thenApply(SdkPojo.class::cast));
  }

  /** Registers a call that reads one thing. */
  public <I extends SdkPojo, B extends SdkPojo & SdkBuilder<B, I>> void addRead(
      String operation, Supplier<B> builder, BiFunction<TableView, I, SdkPojo> call) {
    var unused =
        routes.operation(
            operation,
            builder,
            (context, request) -> Future.succeededFuture(call.apply(store.durable(), request)));
  }

  /** Registers a call that reads as many things as there may be. */
  public <I extends SdkPojo, B extends SdkPojo & SdkBuilder<B, I>> void addLongRead(
      String operation, Supplier<B> builder, BiFunction<TableView, I, SdkPojo> call) {
    var unused =
        routes.operation(
            operation,
            builder,
            (context, request) -> {
              TableView view = store.durable();
              return view.count() < MANY
                  ? Future.succeededFuture(call.apply(view, request))
                  : context.vertxContext().executeBlocking(() -> call.apply(view, request), false);
            });
  }

  /** What a client is told of a failure. */
  static Throwable told(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof StoreException store ? told(store) : cause;
  }

  private static AwsException told(StoreException failure) {
    return switch (failure.kind()) {
      case TOO_LARGE ->
          AwsError.LIMIT_EXCEEDED.because(
              "The tables of this server are full: " + failure.getMessage());
      case BUSY ->
          AwsError.PROVISIONED_THROUGHPUT_EXCEEDED.because(
              "The disk of this server cannot keep up; try again");
      case NO_SPACE ->
          AwsError.INTERNAL_SERVER_ERROR.because("The disk of this server is full", failure);
      case CLOSED -> AwsError.INTERNAL_SERVER_ERROR.because("This server is stopping", failure);
      case IO, SEALED, FENCED, GONE, NOT_FOUND, EXISTS, VERSION_MISMATCH ->
          AwsError.INTERNAL_SERVER_ERROR.because("Internal server error", failure);
    };
  }
}
