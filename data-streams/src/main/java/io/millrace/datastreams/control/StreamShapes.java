package io.millrace.datastreams.control;

import io.millrace.datastreams.model.DataStream;
import io.millrace.datastreams.model.ShardId;
import io.millrace.datastreams.model.StreamConsumer;
import io.millrace.datastreams.model.StreamShard;
import io.millrace.datastreams.stream.Account;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.model.Consumer;
import software.amazon.awssdk.services.kinesis.model.ConsumerDescription;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;
import software.amazon.awssdk.services.kinesis.model.EncryptionType;
import software.amazon.awssdk.services.kinesis.model.EnhancedMetrics;
import software.amazon.awssdk.services.kinesis.model.HashKeyRange;
import software.amazon.awssdk.services.kinesis.model.SequenceNumberRange;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.StreamDescription;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;
import software.amazon.awssdk.services.kinesis.model.StreamModeDetails;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;
import software.amazon.awssdk.services.kinesis.model.StreamSummary;
import software.amazon.awssdk.services.kinesis.model.WarmThroughputObject;

/** Streams, shards and consumers as the service's shapes. */
public final class StreamShapes {
  private final Account account;

  StreamShapes(Account account) {
    this.account = account;
  }

  StreamDescription description(DataStream stream, List<Shard> shards, boolean more) {
    return StreamDescription.builder()
        .streamName(stream.name())
        .streamARN(account.streamArn(stream.name()))
        .streamStatus(StreamStatus.ACTIVE)
        .streamModeDetails(mode(stream))
        .shards(shards)
        .hasMoreShards(more)
        .retentionPeriodHours(stream.options().retentionHours())
        .streamCreationTimestamp(created(stream))
        .enhancedMonitoring(monitoring(stream))
        .encryptionType(encryption(stream))
        .keyId(stream.options().encryptionKey().orElse(null))
        .build();
  }

  StreamDescriptionSummary summary(DataStream stream) {
    return StreamDescriptionSummary.builder()
        .streamName(stream.name())
        .streamARN(account.streamArn(stream.name()))
        .streamStatus(StreamStatus.ACTIVE)
        .streamModeDetails(mode(stream))
        .retentionPeriodHours(stream.options().retentionHours())
        .streamCreationTimestamp(created(stream))
        .enhancedMonitoring(monitoring(stream))
        .encryptionType(encryption(stream))
        .keyId(stream.options().encryptionKey().orElse(null))
        .openShardCount(stream.shards().open().size())
        .consumerCount(stream.consumers().size())
        .maxRecordSizeInKiB(stream.options().maxRecordKib())
        .warmThroughput(warm(stream.options().warmMibps()))
        .build();
  }

  StreamSummary listed(DataStream stream) {
    return StreamSummary.builder()
        .streamName(stream.name())
        .streamARN(account.streamArn(stream.name()))
        .streamStatus(StreamStatus.ACTIVE)
        .streamModeDetails(mode(stream))
        .streamCreationTimestamp(created(stream))
        .build();
  }

  static @Nullable WarmThroughputObject warm(OptionalInt mibps) {
    return mibps.isEmpty()
        ? null
        : WarmThroughputObject.builder()
            .targetMiBps(mibps.getAsInt())
            .currentMiBps(mibps.getAsInt())
            .build();
  }

  private static StreamModeDetails mode(DataStream stream) {
    return StreamModeDetails.builder().streamMode(stream.options().mode().name()).build();
  }

  private static Instant created(DataStream stream) {
    return Instant.ofEpochMilli(stream.createdMillis());
  }

  private static EncryptionType encryption(DataStream stream) {
    return stream.options().encryptionKey().isPresent() ? EncryptionType.KMS : EncryptionType.NONE;
  }

  private static EnhancedMetrics monitoring(DataStream stream) {
    return EnhancedMetrics.builder()
        .shardLevelMetricsWithStrings(new TreeSet<>(stream.options().shardMetrics()))
        .build();
  }

  /** A shard as ListShards and DescribeStream tell it. */
  static Shard shard(StreamShard shard) {
    return Shard.builder()
        .shardId(shard.id())
        .parentShardId(idOf(shard.parent()))
        .adjacentParentShardId(idOf(shard.adjacentParent()))
        .hashKeyRange(range(shard))
        .sequenceNumberRange(
            SequenceNumberRange.builder()
                .startingSequenceNumber(shard.startingSequenceNumber().toString())
                .endingSequenceNumber(
                    shard.isOpen() ? null : shard.endingSequenceNumber().toString())
                .build())
        .build();
  }

  /** The hash keys of a shard. */
  public static HashKeyRange range(StreamShard shard) {
    return HashKeyRange.builder()
        .startingHashKey(shard.range().start().toString())
        .endingHashKey(shard.range().end().toString())
        .build();
  }

  private static @Nullable String idOf(OptionalInt number) {
    return number.isPresent() ? ShardId.of(number.getAsInt()) : null;
  }

  Consumer consumer(String stream, StreamConsumer consumer) {
    return Consumer.builder()
        .consumerName(consumer.name())
        .consumerARN(account.consumerArn(stream, consumer))
        .consumerStatus(ConsumerStatus.ACTIVE)
        .consumerCreationTimestamp(Instant.ofEpochMilli(consumer.createdMillis()))
        .build();
  }

  ConsumerDescription consumerDescription(String stream, StreamConsumer consumer) {
    return ConsumerDescription.builder()
        .consumerName(consumer.name())
        .consumerARN(account.consumerArn(stream, consumer))
        .consumerStatus(ConsumerStatus.ACTIVE)
        .consumerCreationTimestamp(Instant.ofEpochMilli(consumer.createdMillis()))
        .streamARN(account.streamArn(stream))
        .build();
  }
}
