package io.millrace.datastreams.control;

import io.millrace.api.error.AwsError;
import io.millrace.api.page.PageToken;
import io.millrace.api.shape.OpenShape;
import io.millrace.api.wire.OperationContext;
import io.millrace.datastreams.call.Calls;
import io.millrace.datastreams.model.DataStream;
import io.millrace.datastreams.model.ShardMap;
import io.millrace.datastreams.model.StreamOptions;
import io.millrace.datastreams.stream.OpenStream;
import io.millrace.datastreams.stream.StreamDirectory;
import io.millrace.datastreams.stream.StreamFinder;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kinesis.model.CreateStreamRequest;
import software.amazon.awssdk.services.kinesis.model.CreateStreamResponse;
import software.amazon.awssdk.services.kinesis.model.DeleteStreamRequest;
import software.amazon.awssdk.services.kinesis.model.DeleteStreamResponse;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamRequest;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamResponse;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamSummaryRequest;
import software.amazon.awssdk.services.kinesis.model.ListStreamsRequest;
import software.amazon.awssdk.services.kinesis.model.ListStreamsResponse;
import software.amazon.awssdk.services.kinesis.model.StreamMode;

/** CreateStream, DeleteStream, DescribeStream, DescribeStreamSummary, ListStreams. */
public final class StreamCalls {
  private static final int DEFAULT_PAGE = 100;

  private final StreamDirectory directory;
  private final StreamFinder finder;
  private final ControlSettings settings;
  private final InstantSource clock;
  private final StreamShapes shapes;

  public StreamCalls(
      StreamDirectory directory,
      StreamFinder finder,
      ControlSettings settings,
      InstantSource clock) {
    this.directory = directory;
    this.finder = finder;
    this.settings = settings;
    this.clock = clock;
    this.shapes = new StreamShapes(finder.account());
  }

  public void register(Calls calls) {
    calls.add("CreateStream", CreateStreamRequest::builder, this::create);
    calls.add("DeleteStream", DeleteStreamRequest::builder, this::delete);
    calls.add("DescribeStream", DescribeStreamRequest::builder, this::describe);
    calls.add("DescribeStreamSummary", DescribeStreamSummaryRequest::builder, this::summary);
    calls.add("ListStreams", ListStreamsRequest::builder, this::list);
  }

  private CompletionStage<SdkPojo> create(OperationContext context, CreateStreamRequest request) {
    StreamOptions.Mode mode =
        request.streamModeDetails() != null
                && request.streamModeDetails().streamMode() == StreamMode.ON_DEMAND
            ? StreamOptions.Mode.ON_DEMAND
            : StreamOptions.Mode.PROVISIONED;
    StreamOptions options = options(context, request, mode);
    int shards = shardCount(request.shardCount(), mode);
    new QuotaCheck(directory, finder.account(), settings).newStream(mode, shards);
    TagCheck.check(request.tags(), settings.maxTags());
    long now = clock.millis();
    DataStream stream =
        new DataStream(
            request.streamName(),
            now,
            options,
            ShardMap.uniform(shards, now),
            Map.of(),
            request.tags(),
            Optional.empty(),
            List.of());
    return directory.create(stream).thenApply(made -> CreateStreamResponse.builder().build());
  }

  private static StreamOptions options(
      OperationContext context, CreateStreamRequest request, StreamOptions.Mode mode) {
    StreamOptions options = StreamOptions.initial(mode);
    if (request.maxRecordSizeInKiB() != null) {
      options = options.withMaxRecordKib(request.maxRecordSizeInKiB());
    }
    Object distribution = context.extraMembers().get("RecordDistributionStrategy");
    if (distribution != null) {
      options = options.withDistribution(OptionCalls.distribution(distribution, mode));
    }
    if (request.warmThroughputMiBps() != null) {
      OptionCalls.requireOnDemand(mode, "WarmThroughputMiBps");
      options = options.withWarmMibps(OptionalInt.of(request.warmThroughputMiBps()));
    }
    return options;
  }

  private int shardCount(@Nullable Integer asked, StreamOptions.Mode mode) {
    if (mode == StreamOptions.Mode.ON_DEMAND) {
      if (asked != null) {
        throw AwsError.VALIDATION.because(
            "ShardCount must not be given for a stream in ON_DEMAND mode.");
      }
      return settings.onDemandShards();
    }
    if (asked == null) {
      throw AwsError.VALIDATION.because(
          "ShardCount must be given for a stream in PROVISIONED mode.");
    }
    return asked;
  }

  private CompletionStage<SdkPojo> delete(OperationContext context, DeleteStreamRequest request) {
    OpenStream stream = finder.stream(request.streamName(), request.streamARN());
    if (!stream.info().consumers().isEmpty()
        && !Boolean.TRUE.equals(request.enforceConsumerDeletion())) {
      throw AwsError.RESOURCE_IN_USE.because(
          "Stream %s under account %s has registered consumers; set EnforceConsumerDeletion"
              .formatted(stream.name(), finder.account().id()));
    }
    return directory.delete(stream).thenApply(gone -> DeleteStreamResponse.builder().build());
  }

  private CompletionStage<SdkPojo> describe(
      OperationContext context, DescribeStreamRequest request) {
    DataStream stream = finder.stream(request.streamName(), request.streamARN()).info();
    int limit = request.limit() == null ? DEFAULT_PAGE : request.limit();
    Collection<io.millrace.datastreams.model.StreamShard> shards =
        request.exclusiveStartShardId() == null
            ? stream.shards().all()
            : stream.shards().after(ShardCalls.number(request.exclusiveStartShardId()));
    return CompletableFuture.completedFuture(
        DescribeStreamResponse.builder()
            .streamDescription(
                shapes.description(
                    stream,
                    shards.stream().limit(limit).map(StreamShapes::shard).toList(),
                    shards.size() > limit))
            .build());
  }

  private CompletionStage<SdkPojo> summary(
      OperationContext context, DescribeStreamSummaryRequest request) {
    DataStream stream = finder.stream(request.streamName(), request.streamARN()).info();
    return CompletableFuture.completedFuture(
        OpenShape.of(
            Map.of(
                "StreamDescriptionSummary",
                new OpenShape(
                    shapes.summary(stream),
                    Map.of(
                        "RecordDistributionStrategy",
                        stream.options().distribution().name(),
                        "ChannelCount",
                        0)))));
  }

  private CompletionStage<SdkPojo> list(OperationContext context, ListStreamsRequest request) {
    if (request.nextToken() != null && request.exclusiveStartStreamName() != null) {
      throw AwsError.INVALID_ARGUMENT.because(
          "NextToken and ExclusiveStartStreamName cannot be provided together.");
    }
    String after =
        request.nextToken() == null
            ? request.exclusiveStartStreamName()
            : PageToken.decode(request.nextToken(), "kinesis:ListStreams").getFirst();
    int limit = request.limit() == null ? DEFAULT_PAGE : request.limit();
    Collection<OpenStream> from =
        after == null ? directory.all().values() : directory.all().tailMap(after, false).values();
    List<DataStream> page = from.stream().limit(limit + 1L).map(OpenStream::info).toList();
    boolean more = page.size() > limit;
    List<DataStream> shown = more ? page.subList(0, limit) : page;
    return CompletableFuture.completedFuture(
        ListStreamsResponse.builder()
            .streamNames(shown.stream().map(DataStream::name).toList())
            .streamSummaries(shown.stream().map(shapes::listed).toList())
            .hasMoreStreams(more)
            .nextToken(
                more
                    ? PageToken.encode("kinesis:ListStreams", List.of(shown.getLast().name()))
                    : null)
            .build());
  }
}
