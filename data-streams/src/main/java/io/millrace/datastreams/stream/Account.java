package io.millrace.datastreams.stream;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.datastreams.model.DataStream;
import io.millrace.datastreams.model.StreamConsumer;

/**
 * Whose streams these are: the parts of every ARN.
 *
 * @param id twelve digits
 * @param region such as {@code us-east-1}
 */
public record Account(String id, String region) {
  public String streamArn(String stream) {
    return "arn:aws:kinesis:%s:%s:stream/%s".formatted(region, id, stream);
  }

  public String consumerArn(String stream, StreamConsumer consumer) {
    return "%s/consumer/%s:%d"
        .formatted(streamArn(stream), consumer.name(), consumer.createdMillis() / 1000);
  }

  /** Said of a stream that is not there. */
  public AwsException streamNotFound(String stream) {
    return AwsError.RESOURCE_NOT_FOUND.because(
        "Stream %s under account %s not found.".formatted(stream, id));
  }

  /** Said of a shard that is not there. */
  public AwsException shardNotFound(String shard, DataStream stream) {
    return AwsError.RESOURCE_NOT_FOUND.because(
        "Could not find shard %s in stream %s under account %s."
            .formatted(shard, stream.name(), id));
  }

  /** Said of a shard at its limit. */
  public AwsException rateExceeded(String shard, String stream) {
    return AwsError.PROVISIONED_THROUGHPUT_EXCEEDED.because(rateExceededText(shard, stream));
  }

  /** The text of {@link #rateExceeded}, for one record of many. */
  public String rateExceededText(String shard, String stream) {
    return "Rate exceeded for shard %s in stream %s under account %s.".formatted(shard, stream, id);
  }
}
