package io.millrace.datastreams.control;

import io.millrace.api.error.AwsError;
import io.millrace.api.page.PageToken;
import io.millrace.api.wire.OperationContext;
import io.millrace.datastreams.call.Calls;
import io.millrace.datastreams.model.DataStream;
import io.millrace.datastreams.model.StreamConsumer;
import io.millrace.datastreams.stream.OpenStream;
import io.millrace.datastreams.stream.StreamDirectory;
import io.millrace.datastreams.stream.StreamFinder;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kinesis.model.DeregisterStreamConsumerRequest;
import software.amazon.awssdk.services.kinesis.model.DeregisterStreamConsumerResponse;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamConsumerRequest;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamConsumerResponse;
import software.amazon.awssdk.services.kinesis.model.ListStreamConsumersRequest;
import software.amazon.awssdk.services.kinesis.model.ListStreamConsumersResponse;
import software.amazon.awssdk.services.kinesis.model.RegisterStreamConsumerRequest;
import software.amazon.awssdk.services.kinesis.model.RegisterStreamConsumerResponse;

/** Calls that register, describe, list and remove consumers of enhanced fan-out. */
public final class ConsumerCalls {
  private static final String TOKEN = "kinesis:ListStreamConsumers";
  private static final int DEFAULT_PAGE = 100;

  private final StreamDirectory directory;
  private final StreamFinder finder;
  private final ControlSettings settings;
  private final InstantSource clock;
  private final StreamShapes shapes;

  public ConsumerCalls(
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
    calls.add("RegisterStreamConsumer", RegisterStreamConsumerRequest::builder, this::add);
    calls.add("DeregisterStreamConsumer", DeregisterStreamConsumerRequest::builder, this::remove);
    calls.add("DescribeStreamConsumer", DescribeStreamConsumerRequest::builder, this::describe);
    calls.add("ListStreamConsumers", ListStreamConsumersRequest::builder, this::list);
  }

  private CompletionStage<SdkPojo> add(
      OperationContext context, RegisterStreamConsumerRequest request) {
    OpenStream stream = finder.streamOf(request.streamARN());
    TagCheck.check(request.tags(), settings.maxTags());
    String name = request.consumerName();
    return directory
        .change(
            stream,
            now -> {
              if (now.consumers().containsKey(name)) {
                throw AwsError.RESOURCE_IN_USE.because(
                    "Consumer %s under stream %s already exists for account %s."
                        .formatted(name, request.streamARN(), finder.account().id()));
              }
              if (ControlSettings.isOver(now.consumers().size() + 1L, settings.maxConsumers())) {
                throw AwsError.LIMIT_EXCEEDED.because(
                    "Stream %s under account %s has %d registered consumers, the most allowed."
                        .formatted(now.name(), finder.account().id(), settings.maxConsumers()));
              }
              return now.withConsumer(
                  new StreamConsumer(name, clock.millis(), request.tags(), Optional.empty()));
            })
        .thenApply(
            next ->
                RegisterStreamConsumerResponse.builder()
                    .consumer(shapes.consumer(next.name(), added(next, name)))
                    .build());
  }

  private static StreamConsumer added(DataStream stream, String name) {
    return Optional.ofNullable(stream.consumers().get(name))
        .orElseThrow(() -> AwsError.RESOURCE_NOT_FOUND.because("Consumer " + name + " not found."));
  }

  private CompletionStage<SdkPojo> remove(
      OperationContext context, DeregisterStreamConsumerRequest request) {
    StreamFinder.FoundConsumer found =
        finder.consumer(request.consumerARN(), request.streamARN(), request.consumerName());
    return directory
        .change(found.stream(), now -> now.withoutConsumer(found.consumer().name()))
        .thenApply(done -> DeregisterStreamConsumerResponse.builder().build());
  }

  private CompletionStage<SdkPojo> describe(
      OperationContext context, DescribeStreamConsumerRequest request) {
    StreamFinder.FoundConsumer found =
        finder.consumer(request.consumerARN(), request.streamARN(), request.consumerName());
    return CompletableFuture.completedFuture(
        DescribeStreamConsumerResponse.builder()
            .consumerDescription(
                shapes.consumerDescription(found.stream().name(), found.consumer()))
            .build());
  }

  private CompletionStage<SdkPojo> list(
      OperationContext context, ListStreamConsumersRequest request) {
    DataStream stream = finder.streamOf(request.streamARN()).info();
    String after = "";
    if (request.nextToken() != null) {
      List<String> parts = PageToken.decode(request.nextToken(), TOKEN);
      TokenAge.check(Long.parseLong(parts.get(1)), clock.millis());
      after = parts.getFirst();
    }
    String from = after;
    int limit = request.maxResults() == null ? DEFAULT_PAGE : request.maxResults();
    List<StreamConsumer> rest =
        stream.consumers().values().stream()
            .filter(consumer -> consumer.name().compareTo(from) > 0)
            .limit(limit + 1L)
            .toList();
    boolean more = rest.size() > limit;
    List<StreamConsumer> page = more ? rest.subList(0, limit) : rest;
    return CompletableFuture.completedFuture(
        ListStreamConsumersResponse.builder()
            .consumers(
                page.stream().map(consumer -> shapes.consumer(stream.name(), consumer)).toList())
            .nextToken(
                more
                    ? PageToken.encode(
                        TOKEN, List.of(page.getLast().name(), String.valueOf(clock.millis())))
                    : null)
            .build());
  }
}
