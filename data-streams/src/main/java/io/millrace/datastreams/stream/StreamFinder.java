package io.millrace.datastreams.stream;

import io.millrace.api.error.AwsError;
import io.millrace.datastreams.model.ResourceArn;
import io.millrace.datastreams.model.ShardId;
import io.millrace.datastreams.model.StreamConsumer;
import io.millrace.store.StoreException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Finds what requests name. Every method throws the service's error when it is not there. */
public final class StreamFinder {
  private final StreamDirectory directory;
  private final Account account;

  /** A consumer with its stream. */
  public record FoundConsumer(OpenStream stream, StreamConsumer consumer) {}

  public StreamFinder(StreamDirectory directory, Account account) {
    this.directory = directory;
    this.account = account;
  }

  public Account account() {
    return account;
  }

  /** The stream of a request, by name, by ARN or by both if they agree. */
  public OpenStream stream(@Nullable String name, @Nullable String arn) {
    if (name == null && arn == null) {
      throw AwsError.INVALID_ARGUMENT.because("Either StreamName or StreamARN must be provided.");
    }
    if (arn == null) {
      return named(name == null ? "" : name);
    }
    ResourceArn parsed = parse(arn, "StreamARN");
    if (parsed.consumer().isPresent()) {
      throw AwsError.INVALID_ARGUMENT.because("StreamARN names a consumer: " + arn);
    }
    if (name != null && !name.equals(parsed.stream())) {
      throw AwsError.INVALID_ARGUMENT.because(
          "StreamName %s and StreamARN %s name different streams.".formatted(name, arn));
    }
    return named(parsed.stream());
  }

  /** The stream of an ARN. */
  public OpenStream streamOf(String arn) {
    return stream(null, arn);
  }

  /** A stream whose records can be used. */
  public OpenStream usable(@Nullable String name, @Nullable String arn) {
    OpenStream stream = stream(name, arn);
    StoreException failure = stream.failure();
    if (failure != null) {
      throw AwsError.INTERNAL_FAILURE.because(
          "The records of stream " + stream.name() + " are damaged; see the server's log", failure);
    }
    return stream;
  }

  private OpenStream named(String name) {
    return directory.find(name).orElseThrow(() -> account.streamNotFound(name));
  }

  /** What an ARN of a request names. */
  public ResourceArn parse(String arn, String member) {
    return ResourceArn.parse(arn)
        .orElseThrow(
            () ->
                AwsError.INVALID_ARGUMENT.because(
                    "%s is neither a stream's nor a consumer's ARN: %s".formatted(member, arn)));
  }

  /** The consumer of an ARN. */
  public FoundConsumer consumer(String arn) {
    ResourceArn parsed = parse(arn, "ConsumerARN");
    ResourceArn.ConsumerPart part =
        parsed
            .consumer()
            .orElseThrow(() -> AwsError.INVALID_ARGUMENT.because("Not a consumer's ARN: " + arn));
    OpenStream stream = named(parsed.stream());
    StreamConsumer consumer = stream.info().consumers().get(part.name());
    if (consumer == null || consumer.createdMillis() / 1000 != part.createdSeconds()) {
      throw AwsError.RESOURCE_NOT_FOUND.because(
          "Consumer %s, account %s not found.".formatted(arn, account.id()));
    }
    return new FoundConsumer(stream, consumer);
  }

  /** A consumer by its ARN, or by its name and the ARN of its stream. */
  public FoundConsumer consumer(
      @Nullable String consumerArn, @Nullable String streamArn, @Nullable String name) {
    if (consumerArn != null) {
      return consumer(consumerArn);
    }
    if (streamArn == null || name == null) {
      throw AwsError.INVALID_ARGUMENT.because(
          "Either ConsumerARN or both StreamARN and ConsumerName must be provided.");
    }
    OpenStream stream = streamOf(streamArn);
    StreamConsumer consumer = stream.info().consumers().get(name);
    if (consumer == null) {
      throw AwsError.RESOURCE_NOT_FOUND.because(
          "Consumer %s, account %s not found.".formatted(name, account.id()));
    }
    return new FoundConsumer(stream, consumer);
  }

  /** A shard of a stream, by its id or its digits. */
  public OpenShard shard(OpenStream stream, String id) {
    OptionalInt number = ShardId.parse(id);
    OpenShard shard = number.isPresent() ? stream.shard(number.getAsInt()) : null;
    if (shard == null) {
      throw account.shardNotFound(id, stream.info());
    }
    return shard;
  }
}
