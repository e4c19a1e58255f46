package io.millrace.api.wire;

import io.millrace.api.ApiMetrics;
import io.millrace.api.auth.Authenticator;
import io.millrace.api.auth.RequestHead;
import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.logging.LogLine;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request from its head to the end of its answer: authenticate, handle, account, refuse. */
final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final long H2_INTERNAL_ERROR = 2;

  private final OperationContext context;
  private final ApiMetrics metrics;
  private final long beganNanos = System.nanoTime();

  Exchange(OperationContext context, ApiMetrics metrics) {
    this.context = context;
    this.metrics = metrics;
    metrics.requestBegan();
  }

  void run(Authenticator authenticator, RouteHandler handler) {
    HttpServerRequest request = context.request();
    Future.succeededFuture()
        .compose(
            start ->
                authenticator.authenticate(
                    new RequestHead(
                        request.method(), request.uri(), request.headers(), context.operation())))
        .compose(
            accepted -> {
              context.authenticated(accepted);
              return handler.handle(context);
            })
        .onComplete(done -> onLoop(() -> finish(done.succeeded() ? null : done.cause())));
  }

  /** Handlers may complete on any thread; answers are written on the request's own loop. */
  private void onLoop(Runnable action) {
    if (context.vertxContext() == io.vertx.core.Vertx.currentContext()) {
      action.run();
    } else {
      context.vertxContext().runOnContext(go -> action.run());
    }
  }

  private void finish(@Nullable Throwable failure) {
    if (failure == null) {
      context.releaseBody();
      metrics.requestEnded(context.operation(), null, System.nanoTime() - beganNanos);
      return;
    }
    fail(failure);
  }

  /** Refuses the request, or cuts an answer that has begun. */
  void fail(Throwable thrown) {
    context.releaseBody();
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    AwsException told =
        cause instanceof AwsException known
            ? known
            : AwsError.INTERNAL_FAILURE.because(
                "An internal error happened; the server's log has it under request id "
                    + context.requestId(),
                cause);
    boolean clientGone =
        cause instanceof HttpClosedException
            || cause instanceof StreamResetException
            || context.response().closed();
    AwsError counted = clientGone ? AwsError.BAD_REQUEST : told.error();
    metrics.requestEnded(context.operation(), counted, System.nanoTime() - beganNanos);
    log(told, cause, clientGone);
    if (!clientGone) {
      answer(told);
    }
  }

  private void log(AwsException told, Throwable cause, boolean clientGone) {
    LogLine line =
        LogLine.of(clientGone ? "request_abandoned" : "request_failed")
            .with("request_id", context.requestId())
            .with("operation", context.operation())
            .with("principal", context.authentication().principal())
            .with("client", context.request().remoteAddress());
    if (clientGone) {
      LOG.info("{}", line);
      return;
    }
    line.with("status", context.dialect().statusOf(told.error()))
        .with("error", told.error().shape())
        .with("path", context.request().path())
        .with("message", told.clientMessage());
    if (told.error().isClientFault()) {
      LOG.info("{}", line);
    } else {
      LOG.error("{}", line, cause);
    }
  }

  private void answer(AwsException told) {
    HttpServerResponse response = context.response();
    HttpServerRequest request = context.request();
    if (response.ended()) {
      return;
    }
    if (response.headWritten()) {
      if (request.version() == HttpVersion.HTTP_2) {
        response.reset(H2_INTERNAL_ERROR);
      } else {
        request.connection().close();
      }
      return;
    }
    ErrorBody.write(context, told);
    if (!request.isEnded()) {
      context.discardBody();
    }
  }
}
