package io.millrace.ingest.control;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.wire.OperationContext;
import io.millrace.api.wire.OperationRouter;
import io.millrace.store.stream.StreamCatalog;
import io.millrace.store.stream.StreamInfo;
import io.vertx.core.Future;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesisvideo.model.ListTagsForStreamRequest;
import software.amazon.awssdk.services.kinesisvideo.model.ListTagsForStreamResponse;
import software.amazon.awssdk.services.kinesisvideo.model.TagStreamRequest;
import software.amazon.awssdk.services.kinesisvideo.model.TagStreamResponse;
import software.amazon.awssdk.services.kinesisvideo.model.UntagStreamRequest;
import software.amazon.awssdk.services.kinesisvideo.model.UntagStreamResponse;

/** Labels of streams. */
final class StreamTags {
  private final StreamCatalog catalog;
  private final StreamNames names;

  StreamTags(StreamCatalog catalog, StreamNames names) {
    this.catalog = catalog;
    this.names = names;
  }

  void register(OperationRouter router) {
    router
        .service("kinesisvideo")
        .operation("TagStream", TagStreamRequest::builder, this::tag)
        .operation("UntagStream", UntagStreamRequest::builder, this::untag)
        .operation("ListTagsForStream", ListTagsForStreamRequest::builder, this::list);
  }

  private Future<TagStreamResponse> tag(OperationContext context, TagStreamRequest request) {
    StreamInfo stream = resolve(request.streamName(), request.streamARN());
    return change(context, stream, now -> TagRules.added(now, request.tags()))
        .map(done -> TagStreamResponse.builder().build());
  }

  private Future<UntagStreamResponse> untag(OperationContext context, UntagStreamRequest request) {
    StreamInfo stream = resolve(request.streamName(), request.streamARN());
    return change(context, stream, now -> TagRules.removed(now, request.tagKeyList()))
        .map(done -> UntagStreamResponse.builder().build());
  }

  private Future<ListTagsForStreamResponse> list(
      OperationContext context, ListTagsForStreamRequest request) {
    TagRules.refuseToken(request.nextToken());
    StreamInfo stream = resolve(request.streamName(), request.streamARN());
    return Future.succeededFuture(ListTagsForStreamResponse.builder().tags(stream.tags()).build());
  }

  private StreamInfo resolve(@Nullable String name, @Nullable String arn) {
    if (arn != null && !arn.contains(":stream/")) {
      throw new AwsException(
          AwsError.INVALID_RESOURCE_FORMAT, "StreamARN is not the ARN of a video stream");
    }
    return names.resolve(name, arn);
  }

  private Future<StreamInfo> change(
      OperationContext context, StreamInfo stream, UnaryOperator<Map<String, String>> step) {
    return context
        .onContext(catalog.update(stream.name(), null, now -> now.withTags(step.apply(now.tags()))))
        .recover(failure -> Future.failedFuture(StreamErrors.of(failure)));
  }
}
