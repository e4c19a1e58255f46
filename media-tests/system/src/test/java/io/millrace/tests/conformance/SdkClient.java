package io.millrace.tests.conformance;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ChildShard;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEventStream;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardRequest;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;
import software.amazon.awssdk.utils.SdkAutoCloseable;
import software.amazon.awssdk.utils.builder.Buildable;

/** The SDK for Java 2, called by the names of operations. */
final class SdkClient implements ConformanceClient {
  private static final String MODEL = "software.amazon.awssdk.services.kinesis.model.";
  private static final int SECONDS = 30;

  private final Class<?> type;
  private final SdkAutoCloseable client;

  private SdkClient(Class<?> type, SdkAutoCloseable client) {
    this.type = type;
    this.client = client;
  }

  static SdkClient of(KinesisClient client) {
    return new SdkClient(KinesisClient.class, client);
  }

  static SdkClient of(KinesisAsyncClient client) {
    return new SdkClient(KinesisAsyncClient.class, client);
  }

  @Override
  public Answer call(String operation, ObjectNode in, int take) throws Exception {
    SdkPojo builder;
    Class<?> requestType;
    try {
      requestType = Class.forName(MODEL + operation + "Request");
      builder = (SdkPojo) requestType.getMethod("builder").invoke(null);
    } catch (ClassNotFoundException e) {
      return new Answer.Unknown(operation);
    }
    Optional<String> unknown = SdkShapes.unknownMember(builder, in);
    if (unknown.isPresent()) {
      return new Answer.Unknown(operation + "." + unknown.get());
    }
    SdkShapes.fill(builder, in);
    Object request = ((Buildable) builder).build();
    try {
      if (request instanceof SubscribeToShardRequest subscribe) {
        return client instanceof KinesisAsyncClient async
            ? new Answer.Success(subscription(async, subscribe, take))
            : new Answer.Unknown(operation);
      }
      Method method =
          type.getMethod(
              Character.toLowerCase(operation.charAt(0)) + operation.substring(1), requestType);
      Object answer = method.invoke(client, request);
      if (answer instanceof CompletableFuture<?> future) {
        answer = future.get(SECONDS, TimeUnit.SECONDS);
      }
      return new Answer.Success(SdkShapes.json((SdkPojo) answer));
    } catch (InvocationTargetException | ExecutionException e) {
      if (e.getCause() instanceof AwsServiceException refusal) {
        checkType(refusal);
        return new Answer.Refusal(
            refusal.awsErrorDetails().errorCode(), refusal.awsErrorDetails().errorMessage());
      }
      throw e;
    }
  }

  /** An error that the model has must be raised as its own class. */
  private static void checkType(AwsServiceException refusal) {
    String code = refusal.awsErrorDetails().errorCode();
    try {
      Class<?> modelled = Class.forName(MODEL + code);
      if (!modelled.isInstance(refusal)) {
        throw new AssertionError(code + " raised as " + refusal.getClass());
      }
    } catch (ClassNotFoundException e) {
      // Errors without a class of their own are told by their code alone.
    }
  }

  /** Takes events until there are enough records, then cancels. */
  private static final class Taker implements Subscriber<SubscribeToShardEventStream> {
    private final int take;
    private final List<SubscribeToShardEvent> events = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> enough = new CompletableFuture<>();
    private Subscription subscription;
    private int records;

    Taker(int take) {
      this.take = take;
    }

    @Override
    public void onSubscribe(Subscription given) {
      subscription = given;
      given.request(1);
    }

    @Override
    public void onNext(SubscribeToShardEventStream event) {
      if (event instanceof SubscribeToShardEvent data) {
        events.add(data);
        records += data.records().size();
        if (take >= 0 && records >= take) {
          enough.complete(null);
          subscription.cancel();
          return;
        }
      }
      subscription.request(1);
    }

    @Override
    public void onError(Throwable failure) {
      enough.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      enough.complete(null);
    }
  }

  private static ObjectNode subscription(
      KinesisAsyncClient client, SubscribeToShardRequest request, int take) throws Exception {
    Taker taker = new Taker(take);
    CompletableFuture<Void> ended =
        client.subscribeToShard(
            request,
            SubscribeToShardResponseHandler.builder()
                .onEventStream(events -> events.subscribe(taker))
                .build());
    ended.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            taker.enough.completeExceptionally(failure);
          }
        });
    taker.enough.get(SECONDS, TimeUnit.SECONDS);
    ObjectNode json = new ObjectMapper().createObjectNode();
    ArrayNode data = json.putArray("Data");
    for (SubscribeToShardEvent event : taker.events) {
      for (Record record : event.records()) {
        data.add(Base64.getEncoder().encodeToString(record.data().asByteArray()));
      }
    }
    SubscribeToShardEvent last = taker.events.getLast();
    json.put("ContinuationSequenceNumber", last.continuationSequenceNumber());
    if (last.hasChildShards()) {
      ArrayNode children = json.putArray("ChildShards");
      last.childShards().stream().map(ChildShard::shardId).forEach(children::add);
    }
    return json;
  }

  @Override
  public void close() {
    client.close();
  }
}
