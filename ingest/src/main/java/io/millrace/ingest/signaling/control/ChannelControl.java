package io.millrace.ingest.signaling.control;

import io.millrace.api.error.AwsError;
import io.millrace.api.wire.OperationContext;
import io.millrace.api.wire.OperationRouter;
import io.millrace.ingest.control.NamedPage;
import io.millrace.ingest.control.StreamErrors;
import io.millrace.ingest.control.TagRules;
import io.millrace.ingest.signaling.channel.Channel;
import io.millrace.ingest.signaling.channel.Channels;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesisvideo.model.ChannelInfo;
import software.amazon.awssdk.services.kinesisvideo.model.ChannelNameCondition;
import software.amazon.awssdk.services.kinesisvideo.model.ChannelType;
import software.amazon.awssdk.services.kinesisvideo.model.CreateSignalingChannelRequest;
import software.amazon.awssdk.services.kinesisvideo.model.CreateSignalingChannelResponse;
import software.amazon.awssdk.services.kinesisvideo.model.DeleteSignalingChannelRequest;
import software.amazon.awssdk.services.kinesisvideo.model.DeleteSignalingChannelResponse;
import software.amazon.awssdk.services.kinesisvideo.model.DescribeSignalingChannelRequest;
import software.amazon.awssdk.services.kinesisvideo.model.DescribeSignalingChannelResponse;
import software.amazon.awssdk.services.kinesisvideo.model.ListSignalingChannelsRequest;
import software.amazon.awssdk.services.kinesisvideo.model.ListSignalingChannelsResponse;
import software.amazon.awssdk.services.kinesisvideo.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.kinesisvideo.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.kinesisvideo.model.SingleMasterConfiguration;
import software.amazon.awssdk.services.kinesisvideo.model.Tag;
import software.amazon.awssdk.services.kinesisvideo.model.TagResourceRequest;
import software.amazon.awssdk.services.kinesisvideo.model.TagResourceResponse;
import software.amazon.awssdk.services.kinesisvideo.model.UntagResourceRequest;
import software.amazon.awssdk.services.kinesisvideo.model.UntagResourceResponse;
import software.amazon.awssdk.services.kinesisvideo.model.UpdateSignalingChannelRequest;
import software.amazon.awssdk.services.kinesisvideo.model.UpdateSignalingChannelResponse;

/** Creates, describes, lists, changes, tags and deletes signaling channels. */
public final class ChannelControl {
  private static final int DEFAULT_PAGE = 500;

  private final Channels channels;
  private final ChannelNames names;
  private final Consumer<Channel> onDeleted;
  private final NamedPage.Call<Channel> listed;

  /**
   * @param onDeleted told each channel that was deleted
   */
  public ChannelControl(Channels channels, ChannelNames names, Consumer<Channel> onDeleted) {
    this.channels = channels;
    this.names = names;
    this.onDeleted = onDeleted;
    listed =
        new NamedPage.Call<>(
            "ListSignalingChannels",
            "ChannelNameCondition",
            DEFAULT_PAGE,
            channels::list,
            Channel::name);
  }

  /** Registers every operation. */
  public void register(OperationRouter router) {
    router
        .service("kinesisvideo")
        .operation("CreateSignalingChannel", CreateSignalingChannelRequest::builder, this::create)
        .operation(
            "DescribeSignalingChannel", DescribeSignalingChannelRequest::builder, this::describe)
        .operation("ListSignalingChannels", ListSignalingChannelsRequest::builder, this::list)
        .operation("UpdateSignalingChannel", UpdateSignalingChannelRequest::builder, this::update)
        .operation("DeleteSignalingChannel", DeleteSignalingChannelRequest::builder, this::delete)
        .operation("TagResource", TagResourceRequest::builder, this::tag)
        .operation("UntagResource", UntagResourceRequest::builder, this::untag)
        .operation("ListTagsForResource", ListTagsForResourceRequest::builder, this::listTags);
  }

  private Future<CreateSignalingChannelResponse> create(
      OperationContext context, CreateSignalingChannelRequest request) {
    if (request.channelType() == ChannelType.FULL_MESH) {
      throw AwsError.INVALID_ARGUMENT.because("ChannelType FULL_MESH is not supported.");
    }
    Map<String, String> tags = TagRules.added(Map.of(), tags(request.tags()));
    int ttl =
        Optional.ofNullable(ttl(request.singleMasterConfiguration()))
            .orElse(Channel.DEFAULT_MESSAGE_TTL_SECONDS);
    return change(context, channels.create(request.channelName(), ttl, tags))
        .map(made -> CreateSignalingChannelResponse.builder().channelARN(names.arn(made)).build());
  }

  private static Map<String, String> tags(List<Tag> list) {
    Map<String, String> tags = new HashMap<>();
    for (Tag tag : list) {
      if (tags.put(tag.key(), tag.value()) != null) {
        throw AwsError.INVALID_ARGUMENT.because("Tag key '" + tag.key() + "' is given twice.");
      }
    }
    return tags;
  }

  private static @Nullable Integer ttl(@Nullable SingleMasterConfiguration configuration) {
    return configuration == null ? null : configuration.messageTtlSeconds();
  }

  private Future<DescribeSignalingChannelResponse> describe(
      OperationContext context, DescribeSignalingChannelRequest request) {
    Channel channel = names.resolve(request.channelName(), request.channelARN());
    return Future.succeededFuture(
        DescribeSignalingChannelResponse.builder().channelInfo(shape(channel)).build());
  }

  private Future<ListSignalingChannelsResponse> list(
      OperationContext context, ListSignalingChannelsRequest request) {
    ChannelNameCondition condition = request.channelNameCondition();
    NamedPage<Channel> page =
        listed.page(prefix(condition), request.nextToken(), request.maxResults());
    return Future.succeededFuture(
        ListSignalingChannelsResponse.builder()
            .channelInfoList(page.items().stream().map(this::shape).toList())
            .nextToken(page.nextToken())
            .build());
  }

  private static @Nullable String prefix(@Nullable ChannelNameCondition condition) {
    if (condition == null) {
      return null;
    }
    return condition.comparisonValue() == null ? "" : condition.comparisonValue();
  }

  private Future<UpdateSignalingChannelResponse> update(
      OperationContext context, UpdateSignalingChannelRequest request) {
    Channel channel = names.resolve(null, request.channelARN());
    Integer ttl = ttl(request.singleMasterConfiguration());
    if (ttl == null) {
      throw AwsError.INVALID_ARGUMENT.because(
          "SingleMasterConfiguration with MessageTtlSeconds is required for a channel of type"
              + " SINGLE_MASTER.");
    }
    return change(
            context,
            channels.update(
                channel, request.currentVersion(), now -> now.withMessageTtlSeconds(ttl)))
        .map(done -> UpdateSignalingChannelResponse.builder().build());
  }

  private Future<DeleteSignalingChannelResponse> delete(
      OperationContext context, DeleteSignalingChannelRequest request) {
    Channel channel = names.resolve(null, request.channelARN());
    return change(context, channels.delete(channel, request.currentVersion()))
        .map(
            deleted -> {
              onDeleted.accept(deleted);
              return DeleteSignalingChannelResponse.builder().build();
            });
  }

  private Future<TagResourceResponse> tag(OperationContext context, TagResourceRequest request) {
    Channel channel = names.resolve(null, request.resourceARN());
    Map<String, String> more = tags(request.tags());
    return change(
            context,
            channels.update(channel, null, now -> now.withTags(TagRules.added(now.tags(), more))))
        .map(done -> TagResourceResponse.builder().build());
  }

  private Future<UntagResourceResponse> untag(
      OperationContext context, UntagResourceRequest request) {
    Channel channel = names.resolve(null, request.resourceARN());
    return change(
            context,
            channels.update(
                channel,
                null,
                now -> now.withTags(TagRules.removed(now.tags(), request.tagKeyList()))))
        .map(done -> UntagResourceResponse.builder().build());
  }

  private Future<ListTagsForResourceResponse> listTags(
      OperationContext context, ListTagsForResourceRequest request) {
    TagRules.refuseToken(request.nextToken());
    Channel channel = names.resolve(null, request.resourceARN());
    return Future.succeededFuture(
        ListTagsForResourceResponse.builder().tags(channel.tags()).build());
  }

  private static <T> Future<T> change(OperationContext context, CompletionStage<T> stage) {
    return context
        .onContext(stage)
        .recover(failure -> Future.failedFuture(StreamErrors.of(failure)));
  }

  private ChannelInfo shape(Channel channel) {
    return ChannelInfo.builder()
        .channelName(channel.name())
        .channelARN(names.arn(channel))
        .channelType(ChannelType.SINGLE_MASTER)
        .channelStatus("ACTIVE")
        .creationTime(Instant.ofEpochMilli(channel.createdMillis()))
        .singleMasterConfiguration(
            SingleMasterConfiguration.builder()
                .messageTtlSeconds(channel.messageTtlSeconds())
                .build())
        .version(channel.version())
        .build();
  }
}
