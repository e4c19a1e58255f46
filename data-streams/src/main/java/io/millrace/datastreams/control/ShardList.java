package io.millrace.datastreams.control;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.page.PageToken;
import io.millrace.api.wire.OperationContext;
import io.millrace.datastreams.call.Calls;
import io.millrace.datastreams.model.DataStream;
import io.millrace.datastreams.model.StreamShard;
import io.millrace.datastreams.stream.OpenStream;
import io.millrace.datastreams.stream.StreamDirectory;
import io.millrace.datastreams.stream.StreamFinder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kinesis.model.ListShardsRequest;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.ShardFilter;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;

/** ListShards: pages of shards, by filter. */
public final class ShardList {
  private static final String TOKEN = "kinesis:ListShards";
  private static final int MAX_PAGE = 1000;

  private final StreamDirectory directory;
  private final StreamFinder finder;
  private final InstantSource clock;

  /**
   * Which shards, and after which one.
   *
   * @param timestampMillis of the filter; 0 if it has none
   */
  private record Selection(
      DataStream stream, int afterNumber, ShardFilterType filter, long timestampMillis) {}

  public ShardList(StreamDirectory directory, StreamFinder finder, InstantSource clock) {
    this.directory = directory;
    this.finder = finder;
    this.clock = clock;
  }

  public void register(Calls calls) {
    calls.add("ListShards", ListShardsRequest::builder, this::list);
  }

  private CompletionStage<SdkPojo> list(OperationContext context, ListShardsRequest request) {
    Selection selection = request.nextToken() == null ? first(request) : next(request);
    int limit = Math.min(MAX_PAGE, request.maxResults() == null ? MAX_PAGE : request.maxResults());
    Collection<StreamShard> from =
        selection.afterNumber() < 0
            ? selection.stream().shards().all()
            : selection.stream().shards().after(selection.afterNumber());
    List<StreamShard> found = from.stream().filter(predicate(selection)).limit(limit + 1L).toList();
    boolean more = found.size() > limit;
    List<StreamShard> page = more ? found.subList(0, limit) : found;
    return CompletableFuture.completedFuture(
        ListShardsResponse.builder()
            .shards(page.stream().map(StreamShapes::shard).toList())
            .nextToken(more ? token(selection, page.getLast().number()) : null)
            .build());
  }

  private Selection first(ListShardsRequest request) {
    if (request.streamName() == null && request.streamARN() == null) {
      throw AwsError.INVALID_ARGUMENT.because("Either NextToken or StreamName should be provided.");
    }
    DataStream stream = finder.stream(request.streamName(), request.streamARN()).info();
    if (request.streamCreationTimestamp() != null
        && request.streamCreationTimestamp().getEpochSecond() != stream.createdMillis() / 1000) {
      throw finder.account().streamNotFound(stream.name());
    }
    int after =
        request.exclusiveStartShardId() == null
            ? -1
            : ShardCalls.number(request.exclusiveStartShardId());
    ShardFilter filter = request.shardFilter();
    if (filter == null) {
      return new Selection(stream, after, ShardFilterType.FROM_TRIM_HORIZON, 0);
    }
    if (filter.type() == ShardFilterType.AFTER_SHARD_ID) {
      if (filter.shardId() == null) {
        throw AwsError.INVALID_ARGUMENT.because(
            "ShardId must be provided when the ShardFilter type is AFTER_SHARD_ID.");
      }
      after = Math.max(after, ShardCalls.number(filter.shardId()));
    }
    return new Selection(stream, after, filter.type(), timestamp(filter, stream));
  }

  private long timestamp(ShardFilter filter, DataStream stream) {
    boolean needed =
        filter.type() == ShardFilterType.AT_TIMESTAMP
            || filter.type() == ShardFilterType.FROM_TIMESTAMP;
    Instant timestamp = filter.timestamp();
    if (!needed) {
      return 0;
    }
    if (timestamp == null) {
      throw AwsError.INVALID_ARGUMENT.because(
          "Timestamp must be provided when the ShardFilter type is " + filter.typeAsString() + ".");
    }
    // Clients send seconds or milliseconds; the creation time is told with milliseconds.
    if (timestamp.getEpochSecond() < stream.createdMillis() / 1000
        || timestamp.isAfter(clock.instant())) {
      throw AwsError.INVALID_ARGUMENT.because(
          "Timestamp %s of the ShardFilter is not between the stream's creation and now."
              .formatted(timestamp));
    }
    return Math.max(timestamp.toEpochMilli(), horizon(stream));
  }

  private long horizon(DataStream stream) {
    return Math.max(stream.createdMillis(), stream.trimHorizonMillis(clock.millis()));
  }

  private Predicate<StreamShard> predicate(Selection selection) {
    return switch (selection.filter()) {
      case AT_LATEST -> StreamShard::isOpen;
      case AT_TRIM_HORIZON -> openAt(horizon(selection.stream()));
      case AT_TIMESTAMP -> openAt(selection.timestampMillis());
      case FROM_TIMESTAMP ->
          shard -> shard.closedMillis().orElse(Long.MAX_VALUE) >= selection.timestampMillis();
      default -> shard -> true;
    };
  }

  private static Predicate<StreamShard> openAt(long millis) {
    return shard ->
        shard.createdMillis() <= millis && shard.closedMillis().orElse(Long.MAX_VALUE) > millis;
  }

  private String token(Selection selection, int lastNumber) {
    return PageToken.encode(
        TOKEN,
        List.of(
            selection.stream().name(),
            String.valueOf(selection.stream().createdMillis()),
            String.valueOf(lastNumber),
            selection.filter().toString(),
            String.valueOf(selection.timestampMillis()),
            String.valueOf(clock.millis())));
  }

  private Selection next(ListShardsRequest request) {
    if (request.streamName() != null || request.streamARN() != null) {
      throw together("StreamName");
    }
    if (request.exclusiveStartShardId() != null) {
      throw together("ExclusiveStartShardId");
    }
    if (request.streamCreationTimestamp() != null) {
      throw together("StreamCreationTimestamp");
    }
    List<String> parts = PageToken.decode(request.nextToken(), TOKEN);
    TokenAge.check(Long.parseLong(parts.get(5)), clock.millis());
    DataStream stream =
        directory
            .find(parts.get(0))
            .map(OpenStream::info)
            .filter(info -> info.createdMillis() == Long.parseLong(parts.get(1)))
            .orElseThrow(() -> finder.account().streamNotFound(parts.get(0)));
    return new Selection(
        stream,
        Integer.parseInt(parts.get(2)),
        ShardFilterType.fromValue(parts.get(3)),
        Long.parseLong(parts.get(4)));
  }

  private static AwsException together(String member) {
    return AwsError.INVALID_ARGUMENT.because(
        "NextToken and " + member + " cannot be provided together.");
  }
}
