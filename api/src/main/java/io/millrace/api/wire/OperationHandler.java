package io.millrace.api.wire;

import io.vertx.core.Future;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Serves one JSON operation. Called on the event loop of the request; must not block.
 *
 * @param <I> request type of the AWS SDK
 */
@FunctionalInterface
public interface OperationHandler<I extends SdkPojo> {
  /**
   * @param request members checked against the model's constraints
   * @return the response shape; a failure with {@link io.millrace.api.error.AwsException} (thrown
   *     or in the future) is told to the client, every other one becomes {@code InternalFailure}
   */
  Future<? extends SdkPojo> handle(OperationContext context, I request);
}
