package io.millrace.api.wire;

import io.vertx.core.Future;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Serves an operation whose request is JSON and whose response is a stream of bytes that the
 * handler writes to {@code context.response()} itself. Called on the event loop of the request.
 *
 * @param <I> request type of the AWS SDK
 */
@FunctionalInterface
public interface StreamingHandler<I extends SdkPojo> {
  /**
   * @param request members checked against the model's constraints
   * @return completes when the response was ended; a failure before the response head was written
   *     becomes an error answer, a later one resets the connection
   */
  Future<Void> handle(OperationContext context, I request);
}
