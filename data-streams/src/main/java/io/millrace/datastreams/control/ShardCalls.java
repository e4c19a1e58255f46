package io.millrace.datastreams.control;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.wire.OperationContext;
import io.millrace.datastreams.call.Calls;
import io.millrace.datastreams.model.DataStream;
import io.millrace.datastreams.model.DataStream.Change;
import io.millrace.datastreams.model.HashKey;
import io.millrace.datastreams.model.ShardId;
import io.millrace.datastreams.model.StreamOptions;
import io.millrace.datastreams.model.StreamShard;
import io.millrace.datastreams.stream.Account;
import io.millrace.datastreams.stream.OpenStream;
import io.millrace.datastreams.stream.StreamDirectory;
import io.millrace.datastreams.stream.StreamFinder;
import io.millrace.store.shard.LogId;
import java.math.BigInteger;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kinesis.model.MergeShardsRequest;
import software.amazon.awssdk.services.kinesis.model.MergeShardsResponse;
import software.amazon.awssdk.services.kinesis.model.SplitShardRequest;
import software.amazon.awssdk.services.kinesis.model.SplitShardResponse;
import software.amazon.awssdk.services.kinesis.model.UpdateShardCountRequest;
import software.amazon.awssdk.services.kinesis.model.UpdateShardCountResponse;

/** SplitShard, MergeShards, UpdateShardCount. */
public final class ShardCalls {
  private static final int MAX_TARGET = 10_000;

  private final StreamDirectory directory;
  private final StreamFinder finder;
  private final ControlSettings settings;
  private final InstantSource clock;
  private final Account account;

  public ShardCalls(
      StreamDirectory directory,
      StreamFinder finder,
      ControlSettings settings,
      InstantSource clock) {
    this.directory = directory;
    this.finder = finder;
    this.settings = settings;
    this.clock = clock;
    this.account = finder.account();
  }

  public void register(Calls calls) {
    calls.add("SplitShard", SplitShardRequest::builder, this::split);
    calls.add("MergeShards", MergeShardsRequest::builder, this::merge);
    calls.add("UpdateShardCount", UpdateShardCountRequest::builder, this::scale);
  }

  /** The number of a shard id of a request. */
  static int number(String shardId) {
    return ShardId.parse(shardId)
        .orElseThrow(() -> AwsError.INVALID_ARGUMENT.because("Invalid ShardId: " + shardId));
  }

  private CompletionStage<SdkPojo> split(OperationContext context, SplitShardRequest request) {
    OpenStream stream = finder.usable(request.streamName(), request.streamARN());
    HashKey start = hashKey(request.newStartingHashKey());
    return directory
        .change(
            stream,
            now -> {
              requireProvisioned(now, "SplitShard");
              StreamShard parent = open(now, request.shardToSplit());
              checkDivides(now, parent, start);
              new QuotaCheck(directory, account, settings).moreShards(1);
              checkNumbers(now, 2);
              return now.withShards(now.shards().split(parent.number(), start, clock.millis()));
            })
        .thenApply(done -> SplitShardResponse.builder().build());
  }

  private static HashKey hashKey(String text) {
    try {
      return HashKey.parse(text);
    } catch (IllegalArgumentException e) {
      throw AwsError.INVALID_ARGUMENT.because("Invalid NewStartingHashKey: " + text);
    }
  }

  private void checkDivides(DataStream stream, StreamShard parent, HashKey start) {
    BigInteger lowest = parent.range().start().toBigInteger().add(BigInteger.ONE);
    boolean divides =
        start.toBigInteger().compareTo(lowest) > 0 && start.compareTo(parent.range().end()) < 0;
    if (!divides) {
      throw AwsError.INVALID_ARGUMENT.because(
          ("NewStartingHashKey %s used in SplitShard() on shard %s in stream %s under account %s is"
                  + " not both greater than one plus the shard's StartingHashKey %s and less than"
                  + " the shard's EndingHashKey %s.")
              .formatted(
                  start,
                  parent.id(),
                  stream.name(),
                  account.id(),
                  parent.range().start(),
                  parent.range().end()));
    }
  }

  private CompletionStage<SdkPojo> merge(OperationContext context, MergeShardsRequest request) {
    OpenStream stream = finder.usable(request.streamName(), request.streamARN());
    return directory
        .change(
            stream,
            now -> {
              requireProvisioned(now, "MergeShards");
              StreamShard one = open(now, request.shardToMerge());
              StreamShard other = open(now, request.adjacentShardToMerge());
              if (!one.range().isBefore(other.range()) && !other.range().isBefore(one.range())) {
                throw AwsError.INVALID_ARGUMENT.because(
                    ("Shards %s and %s in stream %s under account %s are not an adjacent pair of"
                            + " shards eligible for merging")
                        .formatted(one.id(), other.id(), now.name(), account.id()));
              }
              checkNumbers(now, 1);
              return now.withShards(
                  now.shards().merge(one.number(), other.number(), clock.millis()));
            })
        .thenApply(done -> MergeShardsResponse.builder().build());
  }

  private void requireProvisioned(DataStream stream, String call) {
    if (stream.options().mode() == StreamOptions.Mode.ON_DEMAND) {
      throw AwsError.VALIDATION.because(
          "%s cannot be called on stream %s under account %s: it is in ON_DEMAND mode."
              .formatted(call, stream.name(), account.id()));
    }
  }

  private StreamShard open(DataStream stream, String id) {
    StreamShard shard = stream.shards().find(number(id));
    if (shard == null) {
      throw account.shardNotFound(id, stream);
    }
    if (!shard.isOpen()) {
      throw AwsError.INVALID_ARGUMENT.because(
          ("Shard %s in stream %s under account %s has already been merged or split, and thus is"
                  + " not eligible for merging or splitting.")
              .formatted(shard.id(), stream.name(), account.id()));
    }
    return shard;
  }

  /** The log below counts the shards of a stream's life with 16 bits. */
  private void checkNumbers(DataStream stream, int more) {
    if (stream.shards().nextNumber() + more > LogId.MAX_SHARD) {
      throw AwsError.LIMIT_EXCEEDED.because(
          "Stream %s under account %s has used up its %d shard numbers; create it anew."
              .formatted(stream.name(), account.id(), LogId.MAX_SHARD));
    }
  }

  private CompletionStage<SdkPojo> scale(
      OperationContext context, UpdateShardCountRequest request) {
    OpenStream stream = finder.usable(request.streamName(), request.streamARN());
    int current = stream.info().shards().open().size();
    int target = request.targetShardCount();
    return directory
        .change(
            stream,
            now -> {
              requireProvisioned(now, "UpdateShardCount");
              checkTarget(now, target);
              return scaled(now, target, clock.millis())
                  .withChange(Change.Kind.SHARD_COUNT, clock.millis());
            })
        .thenApply(
            next ->
                UpdateShardCountResponse.builder()
                    .streamName(next.name())
                    .streamARN(account.streamArn(next.name()))
                    .currentShardCount(current)
                    .targetShardCount(target)
                    .build());
  }

  private DataStream scaled(DataStream stream, int target, long nowMillis) {
    DataStream next = stream.withShards(stream.shards().scaleTo(target, nowMillis));
    checkNumbers(next, 0);
    return next;
  }

  private void checkTarget(DataStream stream, int target) {
    int current = stream.shards().open().size();
    if (target > 2 * current) {
      throw outOfReach(stream, target, "over double");
    }
    if (2 * target < current) {
      throw outOfReach(stream, target, "below half");
    }
    if (target > MAX_TARGET) {
      throw AwsError.INVALID_ARGUMENT.because(
          "UpdateShardCount cannot scale a stream over %d shards.".formatted(MAX_TARGET));
    }
    if (ControlSettings.isOver(
        stream.changesWithinDay(Change.Kind.SHARD_COUNT, clock.millis()) + 1,
        settings.reshapesPerDay())) {
      throw AwsError.LIMIT_EXCEEDED.because(
          "UpdateShardCount may be called %d times in 24 hours on stream %s under account %s."
              .formatted(settings.reshapesPerDay(), stream.name(), account.id()));
    }
    new QuotaCheck(directory, account, settings).moreShards(target - current);
  }

  private AwsException outOfReach(DataStream stream, int target, String how) {
    return AwsError.INVALID_ARGUMENT.because(
        ("UpdateShardCount cannot scale %s your current open shard count. Current open shard"
                + " count: %d Target shard count: %d")
            .formatted(how, stream.shards().open().size(), target));
  }
}
