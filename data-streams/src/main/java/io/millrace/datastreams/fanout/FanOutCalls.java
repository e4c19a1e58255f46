package io.millrace.datastreams.fanout;

import io.millrace.api.error.AwsError;
import io.millrace.api.wire.OperationContext;
import io.millrace.datastreams.call.Calls;
import io.millrace.datastreams.capacity.CapacitySettings;
import io.millrace.datastreams.capacity.TokenBucket;
import io.millrace.datastreams.model.StreamConsumer;
import io.millrace.datastreams.read.StartPosition;
import io.millrace.datastreams.stream.OpenShard;
import io.millrace.datastreams.stream.OpenStream;
import io.millrace.datastreams.stream.StreamFinder;
import io.millrace.store.shard.Position;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardRequest;

/** SubscribeToShard. */
public final class FanOutCalls {
  private final StreamFinder finder;
  private final FanOutSettings settings;
  private final CapacitySettings capacity;
  private final InstantSource clock;
  private final ConcurrentMap<Pair, Subscription> active = new ConcurrentHashMap<>();

  /** Goes with the shards. */
  private final Map<OpenShard, LastEvent> lastEvents =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** Of these there is one subscription at a time. */
  private record Pair(String stream, String consumer, long createdMillis, int shard) {}

  public FanOutCalls(
      StreamFinder finder,
      FanOutSettings settings,
      CapacitySettings capacity,
      InstantSource clock) {
    this.finder = finder;
    this.settings = settings;
    this.capacity = capacity;
    this.clock = clock;
  }

  public void register(Calls calls) {
    calls.addStreamed("SubscribeToShard", SubscribeToShardRequest::builder, this::subscribe);
  }

  /** Subscriptions that are open. */
  public int open() {
    return active.size();
  }

  /** Ends every subscription; clients go on from where it ended. */
  public void drain() {
    active.values().forEach(Subscription::end);
  }

  private Future<Void> subscribe(OperationContext context, SubscribeToShardRequest request) {
    StreamFinder.FoundConsumer found = finder.consumer(request.consumerARN());
    OpenStream stream = finder.usable(found.stream().name(), null);
    OpenShard shard = finder.shard(stream, request.shardId());
    StartingPosition start = request.startingPosition();
    return context
        .onContext(
            new StartPosition(start.type(), start.sequenceNumber(), start.timestamp())
                .find(shard, clock))
        .compose(position -> run(context, found, stream, shard, position));
  }

  private Future<Void> run(
      OperationContext context,
      StreamFinder.FoundConsumer found,
      OpenStream stream,
      OpenShard shard,
      Position from) {
    String name = found.consumer().name();
    long createdMillis = found.consumer().createdMillis();
    Pair pair = new Pair(stream.name(), name, createdMillis, shard.info().number());
    Subscription subscription =
        new Subscription(
            context,
            stream,
            shard,
            from,
            lastEvents.computeIfAbsent(shard, first -> new LastEvent()),
            settings,
            new TokenBucket(capacity.fanoutBytes(), System.nanoTime()),
            clock,
            () -> isRegistered(stream, name, createdMillis));
    Subscription former = replace(pair, subscription);
    if (former != null) {
      former.giveWay();
    }
    return subscription.run().onComplete(ended -> active.remove(pair, subscription));
  }

  private @Nullable Subscription replace(Pair pair, Subscription subscription) {
    Subscription[] former = new Subscription[1];
    Subscription now =
        active.compute(
            pair,
            (key, present) -> {
              boolean young =
                  present != null && present.age().compareTo(settings.takeOverAfter()) < 0;
              former[0] = present;
              return young ? present : subscription;
            });
    if (now != subscription) {
      throw AwsError.RESOURCE_IN_USE.because(
          "Another active subscription exists for this consumer: %s:%s:%s:%d"
              .formatted(finder.account().id(), pair.stream(), pair.consumer(), pair.shard()));
    }
    return former[0];
  }

  private static boolean isRegistered(OpenStream stream, String name, long createdMillis) {
    StreamConsumer consumer = stream.info().consumers().get(name);
    return consumer != null && consumer.createdMillis() == createdMillis;
  }
}
