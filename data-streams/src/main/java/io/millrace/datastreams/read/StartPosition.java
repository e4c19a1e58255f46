package io.millrace.datastreams.read;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.datastreams.model.SequenceNumber;
import io.millrace.datastreams.model.ShardId;
import io.millrace.datastreams.stream.OpenShard;
import io.millrace.store.shard.Position;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/**
 * Where reading starts, as GetShardIterator and SubscribeToShard say it.
 *
 * @param type one of the five types; null if it is none of them
 * @param sequenceNumber for AT_ and AFTER_SEQUENCE_NUMBER
 * @param timestamp for AT_TIMESTAMP
 */
public record StartPosition(
    @Nullable ShardIteratorType type,
    @Nullable String sequenceNumber,
    @Nullable Instant timestamp) {

  /**
   * The position in the log of a shard.
   *
   * @throws AwsException INVALID_ARGUMENT for members that do not fit the type or the shard
   */
  public CompletionStage<Position> find(OpenShard shard, InstantSource clock) {
    if (type == null) {
      throw AwsError.INVALID_ARGUMENT.because("The type of the starting position is missing.");
    }
    boolean bySequence =
        type == ShardIteratorType.AT_SEQUENCE_NUMBER
            || type == ShardIteratorType.AFTER_SEQUENCE_NUMBER;
    if (!bySequence && sequenceNumber != null) {
      throw AwsError.INVALID_ARGUMENT.because(
          "Request should not contain StartingSequenceNumber for the type " + type + ".");
    }
    return switch (type) {
      case AT_SEQUENCE_NUMBER -> CompletableFuture.completedFuture(at(shard, 0));
      case AFTER_SEQUENCE_NUMBER -> CompletableFuture.completedFuture(at(shard, 1));
      case TRIM_HORIZON -> CompletableFuture.completedFuture(Position.START);
      case LATEST -> CompletableFuture.completedFuture(shard.reader().bounds().next());
      case AT_TIMESTAMP -> atTimestamp(shard, clock);
      default -> throw AwsError.INVALID_ARGUMENT.because("Unknown type of starting position.");
    };
  }

  private CompletionStage<Position> atTimestamp(OpenShard shard, InstantSource clock) {
    if (timestamp == null) {
      throw AwsError.INVALID_ARGUMENT.because(
          "Request should contain Timestamp for the type AT_TIMESTAMP.");
    }
    if (timestamp.isAfter(clock.instant())) {
      throw AwsError.INVALID_ARGUMENT.because(
          "The Timestamp %s is in the future.".formatted(timestamp));
    }
    return shard.reader().seek(timestamp);
  }

  private Position at(OpenShard shard, int more) {
    if (sequenceNumber == null) {
      throw AwsError.INVALID_ARGUMENT.because(
          "Request should contain StartingSequenceNumber for the type " + type + ".");
    }
    SequenceNumber number;
    try {
      number = SequenceNumber.parse(sequenceNumber);
    } catch (IllegalArgumentException e) {
      throw AwsError.INVALID_ARGUMENT.because(
          "StartingSequenceNumber %s is not valid.".formatted(sequenceNumber));
    }
    if (number.shard() != shard.info().number()) {
      throw AwsError.INVALID_ARGUMENT.because(
          ("Invalid StartingSequenceNumber. It encodes %s, while it was used in a call to a shard"
                  + " with %s")
              .formatted(ShardId.of(number.shard()), shard.info().id()));
    }
    if (number.shardCreatedSeconds() != shard.info().createdSeconds()) {
      throw AwsError.INVALID_ARGUMENT.because(
          "StartingSequenceNumber %s is not one of this stream's shard %s."
              .formatted(sequenceNumber, shard.info().id()));
    }
    return new Position(Math.min(number.index(), SequenceNumber.LAST_INDEX - 1) + more);
  }
}
