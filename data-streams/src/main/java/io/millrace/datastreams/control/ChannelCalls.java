package io.millrace.datastreams.control;

import io.millrace.api.error.AwsError;
import io.millrace.api.shape.OpenRequest;
import io.millrace.api.shape.OpenShape;
import io.millrace.api.wire.OperationContext;
import io.millrace.datastreams.call.Calls;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Channels deliver a stream to S3 without further parts. This server has no delivery, so none can
 * be made, and it says so rather than keep one that delivers nothing.
 */
public final class ChannelCalls {

  public void register(Calls calls) {
    calls.add("CreateChannel", OpenRequest::builder, ChannelCalls::create);
    calls.add("ListChannels", OpenRequest::builder, ChannelCalls::list);
    calls.add("DescribeChannel", OpenRequest::builder, ChannelCalls::named);
    calls.add("UpdateChannel", OpenRequest::builder, ChannelCalls::named);
    calls.add("DeleteChannel", OpenRequest::builder, ChannelCalls::named);
  }

  private static CompletionStage<SdkPojo> create(OperationContext context, OpenRequest request) {
    throw AwsError.LIMIT_EXCEEDED.because(
        "This server makes no channels (limit 0): it does not deliver streams to S3 or S3 Tables.");
  }

  private static CompletionStage<SdkPojo> list(OperationContext context, OpenRequest request) {
    return CompletableFuture.completedFuture(OpenShape.of(Map.of("ChannelSummaries", List.of())));
  }

  private static CompletionStage<SdkPojo> named(OperationContext context, OpenRequest request) {
    Object arn = context.extraMembers().get("ChannelARN");
    if (arn == null) {
      throw AwsError.VALIDATION.because(
          "1 validation error detected: Value null at 'channelARN' failed to satisfy constraint:"
              + " Member must not be null");
    }
    throw AwsError.RESOURCE_NOT_FOUND.because("Channel " + arn + " not found.");
  }
}
