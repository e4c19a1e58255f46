package io.millrace.datastreams.control;

import io.millrace.api.wire.OperationContext;
import io.millrace.datastreams.call.Calls;
import io.millrace.datastreams.model.DataStream;
import io.millrace.datastreams.model.ResourceArn;
import io.millrace.datastreams.model.StreamConsumer;
import io.millrace.datastreams.stream.OpenStream;
import io.millrace.datastreams.stream.StreamDirectory;
import io.millrace.datastreams.stream.StreamFinder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kinesis.model.AddTagsToStreamRequest;
import software.amazon.awssdk.services.kinesis.model.AddTagsToStreamResponse;
import software.amazon.awssdk.services.kinesis.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.kinesis.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.kinesis.model.ListTagsForStreamRequest;
import software.amazon.awssdk.services.kinesis.model.ListTagsForStreamResponse;
import software.amazon.awssdk.services.kinesis.model.RemoveTagsFromStreamRequest;
import software.amazon.awssdk.services.kinesis.model.RemoveTagsFromStreamResponse;
import software.amazon.awssdk.services.kinesis.model.Tag;
import software.amazon.awssdk.services.kinesis.model.TagResourceRequest;
import software.amazon.awssdk.services.kinesis.model.TagResourceResponse;
import software.amazon.awssdk.services.kinesis.model.UntagResourceRequest;
import software.amazon.awssdk.services.kinesis.model.UntagResourceResponse;

/** Both families of tag calls; they share what they change. */
public final class TagCalls {
  private static final int MAX_PAGE = 50;

  private final StreamDirectory directory;
  private final StreamFinder finder;
  private final ControlSettings settings;

  public TagCalls(StreamDirectory directory, StreamFinder finder, ControlSettings settings) {
    this.directory = directory;
    this.finder = finder;
    this.settings = settings;
  }

  public void register(Calls calls) {
    calls.add(
        "AddTagsToStream",
        AddTagsToStreamRequest::builder,
        (context, request) ->
            tagStream(
                    finder.stream(request.streamName(), request.streamARN()),
                    adding(request.tags()))
                .thenApply(done -> AddTagsToStreamResponse.builder().build()));
    calls.add(
        "RemoveTagsFromStream",
        RemoveTagsFromStreamRequest::builder,
        (context, request) ->
            tagStream(
                    finder.stream(request.streamName(), request.streamARN()),
                    removing(request.tagKeys()))
                .thenApply(done -> RemoveTagsFromStreamResponse.builder().build()));
    calls.add("ListTagsForStream", ListTagsForStreamRequest::builder, this::listForStream);
    calls.add(
        "TagResource",
        TagResourceRequest::builder,
        (context, request) ->
            tag(request.resourceARN(), adding(request.tags()))
                .thenApply(done -> TagResourceResponse.builder().build()));
    calls.add(
        "UntagResource",
        UntagResourceRequest::builder,
        (context, request) ->
            tag(request.resourceARN(), removing(request.tagKeys()))
                .thenApply(done -> UntagResourceResponse.builder().build()));
    calls.add("ListTagsForResource", ListTagsForResourceRequest::builder, this::listForResource);
  }

  private UnaryOperator<Map<String, String>> adding(Map<String, String> tags) {
    return now -> {
      Map<String, String> next = new TreeMap<>(now);
      next.putAll(tags);
      TagCheck.check(next, settings.maxTags());
      return next;
    };
  }

  private static UnaryOperator<Map<String, String>> removing(List<String> keys) {
    return now -> {
      Map<String, String> next = new TreeMap<>(now);
      keys.forEach(next::remove);
      return next;
    };
  }

  private CompletionStage<DataStream> tagStream(
      OpenStream stream, UnaryOperator<Map<String, String>> change) {
    return directory.change(stream, now -> now.withTags(change.apply(now.tags())));
  }

  private CompletionStage<DataStream> tag(String arn, UnaryOperator<Map<String, String>> change) {
    ResourceArn parsed = finder.parse(arn, "ResourceARN");
    if (parsed.consumer().isEmpty()) {
      return tagStream(finder.streamOf(arn), change);
    }
    StreamFinder.FoundConsumer found = finder.consumer(arn);
    return directory.change(
        found.stream(),
        now -> {
          StreamConsumer consumer = now.consumers().get(found.consumer().name());
          return consumer == null
              ? now
              : now.withConsumer(consumer.withTags(change.apply(consumer.tags())));
        });
  }

  private static List<Tag> tags(Map<String, String> tags) {
    return new TreeMap<>(tags)
        .entrySet().stream()
            .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
            .toList();
  }

  private CompletionStage<SdkPojo> listForStream(
      OperationContext context, ListTagsForStreamRequest request) {
    DataStream stream = finder.stream(request.streamName(), request.streamARN()).info();
    String after = request.exclusiveStartTagKey();
    int limit = request.limit() == null ? MAX_PAGE : request.limit();
    List<Tag> rest =
        tags(stream.tags()).stream()
            .filter(tag -> after == null || tag.key().compareTo(after) > 0)
            .toList();
    return CompletableFuture.completedFuture(
        ListTagsForStreamResponse.builder()
            .tags(rest.stream().limit(limit).toList())
            .hasMoreTags(rest.size() > limit)
            .build());
  }

  private CompletionStage<SdkPojo> listForResource(
      OperationContext context, ListTagsForResourceRequest request) {
    String arn = request.resourceARN();
    Map<String, String> tags =
        finder.parse(arn, "ResourceARN").consumer().isEmpty()
            ? finder.streamOf(arn).info().tags()
            : finder.consumer(arn).consumer().tags();
    return CompletableFuture.completedFuture(
        ListTagsForResourceResponse.builder().tags(tags(tags)).build());
  }
}
