package io.millrace.api.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.api.error.AwsError;
import io.millrace.api.eventstream.EventStreamWriter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardRequest;
import software.amazon.eventstream.Message;
import software.amazon.eventstream.MessageDecoder;

class EventStreamTest {
  private static final String BODY =
      "{\"ConsumerARN\":\"arn:aws:kinesis:us-east-1:000000000000:stream/s/consumer/c:1\","
          + "\"ShardId\":\"shardId-000000000000\",\"StartingPosition\":{\"Type\":\"LATEST\"}}";

  private static OpenDoor door(StreamingHandler<SubscribeToShardRequest> handler) throws Exception {
    OpenDoor door = new OpenDoor();
    door.router
        .service("kinesis")
        .streaming("SubscribeToShard", SubscribeToShardRequest::builder, handler);
    return door;
  }

  private static SubscribeToShardEvent event(long behind) {
    return SubscribeToShardEvent.builder()
        .continuationSequenceNumber("1")
        .millisBehindLatest(behind)
        .build();
  }

  private static List<Message> subscribe(OpenDoor door, HttpClient.Version version)
      throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(version).build()) {
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + "/"))
                  .header("X-Amz-Target", "Kinesis_20131202.SubscribeToShard")
                  .header("Content-Type", "application/x-amz-json-1.1")
                  .POST(HttpRequest.BodyPublishers.ofString(BODY))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("content-type"))
          .hasValue("application/vnd.amazon.eventstream");
      List<Message> messages = new ArrayList<>();
      new MessageDecoder(messages::add).feed(ByteBuffer.wrap(answer.body()));
      return messages;
    }
  }

  private static String type(Message message) {
    var headers = message.getHeaders();
    var type = headers.get(headers.containsKey(":event-type") ? ":event-type" : ":exception-type");
    return type.getString();
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void streamsEventsAndEnds(HttpClient.Version version) throws Exception {
    try (OpenDoor door =
        door(
            (context, request) -> {
              EventStreamWriter writer = new EventStreamWriter(context);
              return writer
                  .start()
                  .compose(begun -> writer.event("SubscribeToShardEvent", event(1)))
                  .compose(sent -> writer.event("SubscribeToShardEvent", event(0)))
                  .compose(sent -> writer.end())
                  .compose(ended -> writer.closed());
            })) {
      assertThat(subscribe(door, version))
          .extracting(EventStreamTest::type)
          .containsExactly("initial-response", "SubscribeToShardEvent", "SubscribeToShardEvent");
      await().until(() -> door.metrics.inFlight() == 0);
      assertThat(door.metrics.operations().get("kinesis:SubscribeToShard").succeeded())
          .isEqualTo(1);
    }
  }

  @Test
  void endsWithAnException() throws Exception {
    try (OpenDoor door =
        door(
            (context, request) -> {
              EventStreamWriter writer = new EventStreamWriter(context);
              return writer
                  .start()
                  .compose(begun -> writer.exception(AwsError.RESOURCE_IN_USE.because("other")));
            })) {
      assertThat(subscribe(door, HttpClient.Version.HTTP_2))
          .extracting(EventStreamTest::type)
          .containsExactly("initial-response", "ResourceInUseException");
    }
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void holdsLittleForAClientThatDoesNotRead(HttpClient.Version version) throws Exception {
    AtomicInteger sent = new AtomicInteger();
    Promise<Void> gone = Promise.promise();
    byte[] payload = new byte[1 << 20];
    try (OpenDoor door =
            door(
                (context, request) -> {
                  EventStreamWriter writer = new EventStreamWriter(context);
                  writer.closed().onComplete(gone);
                  return writer.start().compose(begun -> pour(writer, payload, sent));
                });
        HttpClient client = HttpClient.newBuilder().version(version).build()) {
      HttpResponse<java.io.InputStream> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + "/"))
                  .header("X-Amz-Target", "Kinesis_20131202.SubscribeToShard")
                  .POST(HttpRequest.BodyPublishers.ofString(BODY))
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      AtomicInteger before = new AtomicInteger(-1);
      await()
          .pollInterval(java.time.Duration.ofMillis(300))
          .until(() -> before.getAndSet(sent.get()) == sent.get());
      // Windows and socket buffers of both sides take some; nothing grows beyond them.
      assertThat(sent.get()).isBetween(1, 100);
      answer.body().close();
      OpenDoor.await(gone.future());
    }
  }

  /** Sends until the client is gone. */
  private static Future<Void> pour(EventStreamWriter writer, byte[] payload, AtomicInteger sent) {
    return writer
        .drained()
        .compose(
            writable -> {
              sent.incrementAndGet();
              writer.event("SubscribeToShardEvent", payload);
              return pour(writer, payload, sent);
            });
  }
}
