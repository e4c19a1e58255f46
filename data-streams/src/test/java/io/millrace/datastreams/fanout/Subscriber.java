package io.millrace.datastreams.fanout;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/** The SDK's asynchronous client in default settings, subscribed to one shard. */
final class Subscriber {
  private final List<SubscribeToShardEvent> events = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> ended;

  private Subscriber(KinesisAsyncClient client, String consumerArn, StartingPosition from) {
    SubscribeToShardResponseHandler handler =
        SubscribeToShardResponseHandler.builder()
            .subscriber(
                event -> {
                  if (event instanceof SubscribeToShardEvent data) {
                    events.add(data);
                  }
                })
            .build();
    ended =
        client.subscribeToShard(
            r -> r.consumerARN(consumerArn).shardId("shardId-000000000000").startingPosition(from),
            handler);
  }

  static KinesisAsyncClient client(String url) {
    return KinesisAsyncClient.builder()
        .endpointOverride(URI.create(url))
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(1)))
        .build();
  }

  static Subscriber from(
      KinesisAsyncClient client, String consumerArn, Consumer<StartingPosition.Builder> from) {
    StartingPosition.Builder position = StartingPosition.builder();
    from.accept(position);
    return new Subscriber(client, consumerArn, position.build());
  }

  List<SubscribeToShardEvent> events() {
    return events;
  }

  List<String> texts() {
    return events.stream()
        .flatMap(event -> event.records().stream())
        .map(Record::data)
        .map(data -> data.asUtf8String())
        .toList();
  }

  /** Completes when the stream ends, exceptionally if it ends with an error. */
  CompletableFuture<Void> ended() {
    return ended;
  }
}
