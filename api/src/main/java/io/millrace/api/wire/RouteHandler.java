package io.millrace.api.wire;

import io.vertx.core.Future;

/**
 * Serves a plain HTTP route, or an AWS operation whose body is a stream. Called on the event loop
 * of the request with the body held back: call {@link OperationContext#receiveBody} when it may
 * flow, after the handlers for it are set.
 */
@FunctionalInterface
public interface RouteHandler {
  /**
   * @return completes when the response was ended; a failure before the response head was written
   *     becomes an error answer, a later one resets the connection
   */
  Future<Void> handle(OperationContext context);
}
