package io.millrace.ingest.signaling.control;

import io.millrace.api.error.AwsError;
import io.millrace.api.wire.OperationContext;
import io.millrace.api.wire.OperationRouter;
import io.millrace.ingest.control.StreamErrors;
import io.millrace.ingest.control.StreamNames;
import io.millrace.ingest.control.TagRules;
import io.millrace.ingest.signaling.channel.Channel;
import io.millrace.ingest.signaling.channel.Channels;
import io.millrace.ingest.signaling.channel.MappedStream;
import io.millrace.store.stream.StreamCatalog;
import io.millrace.store.stream.StreamInfo;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.services.kinesisvideo.model.DescribeMappedResourceConfigurationRequest;
import software.amazon.awssdk.services.kinesisvideo.model.DescribeMappedResourceConfigurationResponse;
import software.amazon.awssdk.services.kinesisvideo.model.DescribeMediaStorageConfigurationRequest;
import software.amazon.awssdk.services.kinesisvideo.model.DescribeMediaStorageConfigurationResponse;
import software.amazon.awssdk.services.kinesisvideo.model.MappedResourceConfigurationListItem;
import software.amazon.awssdk.services.kinesisvideo.model.MediaStorageConfiguration;
import software.amazon.awssdk.services.kinesisvideo.model.MediaStorageConfigurationStatus;
import software.amazon.awssdk.services.kinesisvideo.model.UpdateMediaStorageConfigurationRequest;
import software.amazon.awssdk.services.kinesisvideo.model.UpdateMediaStorageConfigurationResponse;

/** Ties channels to the streams that store their media: one stream to a channel, and only one. */
public final class StorageControl {
  /** How a stream's mapping names the kind of resource. */
  private static final String CHANNEL_TYPE = "SIGNALING_CHANNEL";

  private final Channels channels;
  private final ChannelNames names;
  private final StreamCatalog catalog;
  private final StreamNames streams;
  private final Consumer<Channel> onChanged;

  /**
   * @param onChanged told each channel whose storage was enabled or disabled
   */
  public StorageControl(
      Channels channels,
      ChannelNames names,
      StreamCatalog catalog,
      StreamNames streams,
      Consumer<Channel> onChanged) {
    this.channels = channels;
    this.names = names;
    this.catalog = catalog;
    this.streams = streams;
    this.onChanged = onChanged;
  }

  /** Registers every operation. */
  public void register(OperationRouter router) {
    router
        .service("kinesisvideo")
        .operation(
            "UpdateMediaStorageConfiguration",
            UpdateMediaStorageConfigurationRequest::builder,
            this::update)
        .operation(
            "DescribeMediaStorageConfiguration",
            DescribeMediaStorageConfigurationRequest::builder,
            this::describe)
        .operation(
            "DescribeMappedResourceConfiguration",
            DescribeMappedResourceConfigurationRequest::builder,
            this::describeMapped);
  }

  private Future<UpdateMediaStorageConfigurationResponse> update(
      OperationContext context, UpdateMediaStorageConfigurationRequest request) {
    Channel channel = names.resolve(null, request.channelARN());
    MediaStorageConfiguration wanted = request.mediaStorageConfiguration();
    Optional<MappedStream> target =
        wanted.status() == MediaStorageConfigurationStatus.ENABLED
            ? Optional.of(target(wanted))
            : Optional.empty();
    return context
        .onContext(channels.update(channel, null, now -> stored(now, target)))
        .recover(failure -> Future.failedFuture(StreamErrors.of(failure)))
        .map(
            changed -> {
              onChanged.accept(changed);
              return UpdateMediaStorageConfigurationResponse.builder().build();
            });
  }

  private MappedStream target(MediaStorageConfiguration wanted) {
    if (wanted.streamARN() == null) {
      throw AwsError.INVALID_ARGUMENT.because("StreamARN is required to enable storage.");
    }
    StreamInfo stream = streams.resolve(null, wanted.streamARN());
    if (stream.status() != StreamInfo.Status.ACTIVE) {
      throw AwsError.RESOURCE_IN_USE.because("The stream is not active.");
    }
    if (stream.retentionHours() == 0) {
      throw AwsError.NO_DATA_RETENTION.because(
          "The stream has a data retention of 0 hours; media of a channel cannot be stored in it.");
    }
    return new MappedStream(stream.name(), stream.createdMillis());
  }

  private Channel stored(Channel now, Optional<MappedStream> target) {
    boolean elsewhere =
        target.isPresent()
            && now.storage()
                .filter(this::exists)
                .filter(stream -> !stream.equals(target.get()))
                .isPresent();
    if (elsewhere) {
      throw AwsError.RESOURCE_IN_USE.because(
          "The channel is stored in another stream; disable its storage first.");
    }
    return now.withStorage(target);
  }

  /** Streams may have been deleted, and made again, since they were mapped. */
  private boolean exists(MappedStream stream) {
    return catalog
        .find(stream.name())
        .filter(found -> found.createdMillis() == stream.createdMillis())
        .isPresent();
  }

  private Future<DescribeMediaStorageConfigurationResponse> describe(
      OperationContext context, DescribeMediaStorageConfigurationRequest request) {
    Channel channel = names.resolve(request.channelName(), request.channelARN());
    MediaStorageConfiguration.Builder shape =
        MediaStorageConfiguration.builder().status(MediaStorageConfigurationStatus.DISABLED);
    channel
        .storage()
        .flatMap(stream -> catalog.find(stream.name()))
        .filter(stream -> stream.createdMillis() == channel.storage().get().createdMillis())
        .ifPresent(
            stream ->
                shape
                    .status(MediaStorageConfigurationStatus.ENABLED)
                    .streamARN(streams.arn(stream)));
    return Future.succeededFuture(
        DescribeMediaStorageConfigurationResponse.builder()
            .mediaStorageConfiguration(shape.build())
            .build());
  }

  private Future<DescribeMappedResourceConfigurationResponse> describeMapped(
      OperationContext context, DescribeMappedResourceConfigurationRequest request) {
    TagRules.refuseToken(request.nextToken());
    StreamInfo stream = streams.resolve(request.streamName(), request.streamARN());
    List<MappedResourceConfigurationListItem> mapped =
        channels
            .storedIn(new MappedStream(stream.name(), stream.createdMillis()))
            .map(
                channel ->
                    MappedResourceConfigurationListItem.builder()
                        .type(CHANNEL_TYPE)
                        .arn(names.arn(channel))
                        .build())
            .stream()
            .toList();
    return Future.succeededFuture(
        DescribeMappedResourceConfigurationResponse.builder()
            .mappedResourceConfigurationList(mapped)
            .build());
  }
}
