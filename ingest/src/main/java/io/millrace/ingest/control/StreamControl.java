package io.millrace.ingest.control;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.wire.OperationContext;
import io.millrace.api.wire.OperationRouter;
import io.millrace.store.stream.StreamCatalog;
import io.millrace.store.stream.StreamInfo;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesisvideo.model.CreateStreamRequest;
import software.amazon.awssdk.services.kinesisvideo.model.CreateStreamResponse;
import software.amazon.awssdk.services.kinesisvideo.model.DeleteStreamRequest;
import software.amazon.awssdk.services.kinesisvideo.model.DeleteStreamResponse;
import software.amazon.awssdk.services.kinesisvideo.model.DescribeStreamRequest;
import software.amazon.awssdk.services.kinesisvideo.model.DescribeStreamResponse;
import software.amazon.awssdk.services.kinesisvideo.model.GetDataEndpointRequest;
import software.amazon.awssdk.services.kinesisvideo.model.GetDataEndpointResponse;
import software.amazon.awssdk.services.kinesisvideo.model.ListStreamsRequest;
import software.amazon.awssdk.services.kinesisvideo.model.ListStreamsResponse;
import software.amazon.awssdk.services.kinesisvideo.model.StreamNameCondition;
import software.amazon.awssdk.services.kinesisvideo.model.UpdateDataRetentionOperation;
import software.amazon.awssdk.services.kinesisvideo.model.UpdateDataRetentionRequest;
import software.amazon.awssdk.services.kinesisvideo.model.UpdateDataRetentionResponse;
import software.amazon.awssdk.services.kinesisvideo.model.UpdateStreamRequest;
import software.amazon.awssdk.services.kinesisvideo.model.UpdateStreamResponse;

/** Creates, describes, lists, changes and deletes streams. */
public final class StreamControl {
  /** Longest retention, ten years. */
  static final int MAX_RETENTION_HOURS = 87_600;

  private static final int DEFAULT_PAGE = 10_000;

  private final StreamCatalog catalog;
  private final ControlSettings settings;
  private final StreamNames names;
  private final StreamTags tags;
  private final Consumer<String> onDeleted;
  private final NamedPage.Call<StreamInfo> listed;

  /**
   * @param onDeleted told the name of each stream that was deleted
   */
  public StreamControl(
      StreamCatalog catalog, ControlSettings settings, Consumer<String> onDeleted) {
    this.catalog = catalog;
    this.settings = settings;
    this.onDeleted = onDeleted;
    names = new StreamNames(catalog, settings);
    tags = new StreamTags(catalog, names);
    listed =
        new NamedPage.Call<>(
            "ListStreams", "StreamNameCondition", DEFAULT_PAGE, catalog::list, StreamInfo::name);
  }

  /** Registers every operation. */
  public void register(OperationRouter router) {
    router
        .service("kinesisvideo")
        .operation("CreateStream", CreateStreamRequest::builder, this::create)
        .operation("DescribeStream", DescribeStreamRequest::builder, this::describe)
        .operation("ListStreams", ListStreamsRequest::builder, this::list)
        .operation("UpdateStream", UpdateStreamRequest::builder, this::update)
        .operation("DeleteStream", DeleteStreamRequest::builder, this::delete)
        .operation("UpdateDataRetention", UpdateDataRetentionRequest::builder, this::retention)
        .operation("GetDataEndpoint", GetDataEndpointRequest::builder, this::endpoint);
    tags.register(router);
  }

  private Future<CreateStreamResponse> create(
      OperationContext context, CreateStreamRequest request) {
    int hours = Optional.ofNullable(request.dataRetentionInHours()).orElse(0);
    if (hours > MAX_RETENTION_HOURS) {
      throw retentionTooLong(hours);
    }
    if (catalog.list("", null, settings.maxStreams()).size() >= settings.maxStreams()) {
      throw AwsError.ACCOUNT_STREAM_LIMIT_EXCEEDED.because(
          "The server has its most streams: " + settings.maxStreams());
    }
    String tier =
        request.streamStorageConfiguration() == null
            ? "HOT"
            : request.streamStorageConfiguration().defaultStorageTierAsString();
    StreamCatalog.NewStream wanted =
        new StreamCatalog.NewStream(
            request.streamName(),
            hours,
            Optional.ofNullable(request.mediaType()),
            Optional.ofNullable(request.deviceName()),
            Optional.ofNullable(request.kmsKeyId()),
            tier,
            request.tags());
    return change(context, catalog.create(wanted))
        .map(made -> CreateStreamResponse.builder().streamARN(names.arn(made)).build());
  }

  private Future<DescribeStreamResponse> describe(
      OperationContext context, DescribeStreamRequest request) {
    StreamInfo stream = names.resolve(request.streamName(), request.streamARN());
    return Future.succeededFuture(
        DescribeStreamResponse.builder().streamInfo(shape(stream)).build());
  }

  private Future<ListStreamsResponse> list(OperationContext context, ListStreamsRequest request) {
    StreamNameCondition condition = request.streamNameCondition();
    NamedPage<StreamInfo> page =
        listed.page(prefix(condition), request.nextToken(), request.maxResults());
    return Future.succeededFuture(
        ListStreamsResponse.builder()
            .streamInfoList(page.items().stream().map(this::shape).toList())
            .nextToken(page.nextToken())
            .build());
  }

  private static @Nullable String prefix(@Nullable StreamNameCondition condition) {
    if (condition == null) {
      return null;
    }
    return condition.comparisonValue() == null ? "" : condition.comparisonValue();
  }

  private Future<UpdateStreamResponse> update(
      OperationContext context, UpdateStreamRequest request) {
    StreamInfo stream = names.resolve(request.streamName(), request.streamARN());
    return update(
            context,
            stream,
            request.currentVersion(),
            now ->
                now.withDevice(
                    Optional.ofNullable(request.mediaType()).or(now::mediaType),
                    Optional.ofNullable(request.deviceName()).or(now::deviceName)))
        .map(done -> UpdateStreamResponse.builder().build());
  }

  private Future<DeleteStreamResponse> delete(
      OperationContext context, DeleteStreamRequest request) {
    StreamInfo stream = names.resolve(null, request.streamARN());
    return change(context, catalog.delete(stream.name(), request.currentVersion()))
        .map(
            done -> {
              onDeleted.accept(stream.name());
              return DeleteStreamResponse.builder().build();
            });
  }

  private Future<UpdateDataRetentionResponse> retention(
      OperationContext context, UpdateDataRetentionRequest request) {
    StreamInfo stream = names.resolve(request.streamName(), request.streamARN());
    boolean longer = request.operation() == UpdateDataRetentionOperation.INCREASE_DATA_RETENTION;
    int step = request.dataRetentionChangeInHours();
    return update(
            context,
            stream,
            request.currentVersion(),
            now -> withRetention(now, (long) now.retentionHours() + (longer ? step : -step)))
        .map(done -> UpdateDataRetentionResponse.builder().build());
  }

  private static StreamInfo withRetention(StreamInfo now, long hours) {
    if (hours > MAX_RETENTION_HOURS) {
      throw retentionTooLong(hours);
    }
    if (hours < 0) {
      throw AwsError.INVALID_ARGUMENT.because(
          "The stream keeps its data for %d hours; it cannot be decreased by more"
              .formatted(now.retentionHours()));
    }
    return now.withRetentionHours((int) hours);
  }

  private static AwsException retentionTooLong(long hours) {
    return AwsError.INVALID_ARGUMENT.because(
        "A retention of %d hours is longer than the longest, %d"
            .formatted(hours, MAX_RETENTION_HOURS));
  }

  private Future<GetDataEndpointResponse> endpoint(
      OperationContext context, GetDataEndpointRequest request) {
    StreamInfo found = names.resolve(request.streamName(), request.streamARN());
    if (found.status() == StreamInfo.Status.DELETING) {
      throw StreamErrors.notFound();
    }
    return Future.succeededFuture(
        GetDataEndpointResponse.builder().dataEndpoint(settings.publicUrl().get()).build());
  }

  private Future<StreamInfo> update(
      OperationContext context,
      StreamInfo stream,
      @Nullable String version,
      UnaryOperator<StreamInfo> step) {
    return change(context, catalog.update(stream.name(), version, step));
  }

  private static <T> Future<T> change(OperationContext context, CompletionStage<T> stage) {
    return context
        .onContext(stage)
        .recover(failure -> Future.failedFuture(StreamErrors.of(failure)));
  }

  private software.amazon.awssdk.services.kinesisvideo.model.StreamInfo shape(StreamInfo stream) {
    String defaultKey =
        "arn:aws:kms:%s:%s:alias/aws/kinesisvideo".formatted(settings.region(), settings.account());
    return software.amazon.awssdk.services.kinesisvideo.model.StreamInfo.builder()
        .deviceName(stream.deviceName().orElse(null))
        .streamName(stream.name())
        .streamARN(names.arn(stream))
        .mediaType(stream.mediaType().orElse(null))
        .kmsKeyId(stream.kmsKeyId().orElse(defaultKey))
        .version(stream.version())
        .status(stream.status().name())
        .creationTime(Instant.ofEpochMilli(stream.createdMillis()))
        .dataRetentionInHours(stream.retentionHours())
        .build();
  }
}
