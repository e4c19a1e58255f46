package io.millrace.datastreams.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.datastreams.DataStreamsSettings;
import io.millrace.datastreams.capacity.CapacitySettings;
import io.millrace.datastreams.server.TestStreams;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;

/** Subscriptions by the SDK's asynchronous client, HTTP/2 without negotiation. */
class FanOutCallsTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private TestStreams server;
  private KinesisAsyncClient client;

  private String start(Duration heartbeat, Duration life, Duration takeOverAfter) throws Exception {
    return start(
        new FanOutSettings(100, 1 << 20, heartbeat, life, takeOverAfter),
        CapacitySettings.UNLIMITED);
  }

  private String start(FanOutSettings fanOut, CapacitySettings capacity) throws Exception {
    DataStreamsSettings all = TestStreams.unlimited();
    server =
        new TestStreams(
            new DataStreamsSettings(
                all.account(),
                capacity,
                all.control(),
                all.put(),
                all.read(),
                fanOut,
                all.scaling(),
                all.maxBodyBytes(),
                false));
    client = Subscriber.client(server.url());
    server.client().createStream(r -> r.streamName("s").shardCount(1));
    return register("c");
  }

  private String register(String name) {
    return server
        .client()
        .registerStreamConsumer(
            r -> r.streamARN(TestStreams.ACCOUNT.streamArn("s")).consumerName(name))
        .consumer()
        .consumerARN();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
  }

  private void put(String text) {
    server
        .client()
        .putRecord(r -> r.streamName("s").partitionKey("k").data(SdkBytes.fromUtf8String(text)));
  }

  @Test
  void givesWhatIsThereAndWhatComesAndEndsWithTheChildrenOfTheShard() throws Exception {
    String consumer = start(Duration.ofMillis(200), LONG, LONG);
    put("before");
    Subscriber subscriber = Subscriber.from(client, consumer, p -> p.type("TRIM_HORIZON"));
    await().until(() -> subscriber.texts().contains("before"));
    List<String> expected = new ArrayList<>(List.of("before"));
    for (int i = 0; i < 250; i++) {
      put("live-" + i);
      expected.add("live-" + i);
    }
    await().untilAsserted(() -> assertThat(subscriber.texts()).isEqualTo(expected));
    await("a heartbeat").until(() -> subscriber.events().getLast().records().isEmpty());
    assertThat(subscriber.events().getLast().continuationSequenceNumber()).isNotNull();
    assertThat(subscriber.events().getLast().millisBehindLatest()).isZero();
    server
        .client()
        .splitShard(
            r -> r.streamName("s").shardToSplit("shardId-000000000000").newStartingHashKey("1000"));
    subscriber.ended().get(10, TimeUnit.SECONDS);
    SubscribeToShardEvent last = subscriber.events().getLast();
    assertThat(last.continuationSequenceNumber()).isNull();
    assertThat(last.childShards()).hasSize(2);
    assertThat(subscriber.texts()).isEqualTo(expected);
  }

  @Test
  void aSubscriptionThatEndedGoesOnFromItsContinuation() throws Exception {
    String consumer = start(Duration.ofMillis(50), Duration.ofMillis(400), Duration.ZERO);
    List<String> seen = new ArrayList<>();
    String after = null;
    int written = 0;
    for (int round = 0; round < 4; round++) {
      String from = after;
      Subscriber subscriber =
          Subscriber.from(
              client,
              consumer,
              p ->
                  p.type(from == null ? "TRIM_HORIZON" : "AFTER_SEQUENCE_NUMBER")
                      .sequenceNumber(from));
      for (int i = 0; i < 20; i++) {
        put("r" + written++);
      }
      subscriber.ended().get(10, TimeUnit.SECONDS);
      seen.addAll(subscriber.texts());
      after = subscriber.events().getLast().continuationSequenceNumber();
    }
    String from = after;
    Subscriber last =
        Subscriber.from(
            client, consumer, p -> p.type("AFTER_SEQUENCE_NUMBER").sequenceNumber(from));
    last.ended().get(10, TimeUnit.SECONDS);
    seen.addAll(last.texts());
    assertThat(seen).isEqualTo(IntStream.range(0, written).mapToObj(i -> "r" + i).toList());
  }

  @Test
  void aSecondSubscriptionIsRefusedWhileTheFirstIsYoung() throws Exception {
    String consumer = start(Duration.ofMillis(100), LONG, LONG);
    Subscriber first = Subscriber.from(client, consumer, p -> p.type("LATEST"));
    await().until(() -> !first.events().isEmpty());
    Subscriber second = Subscriber.from(client, consumer, p -> p.type("LATEST"));
    assertThatThrownBy(() -> second.ended().get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ResourceInUseException.class)
        .hasMessageContaining("Another active subscription exists for this consumer");
    assertThat(first.ended()).isNotDone();
    Subscriber other = Subscriber.from(client, register("d"), p -> p.type("LATEST"));
    await().until(() -> !other.events().isEmpty());
  }

  @Test
  void aSecondSubscriptionTakesOverAnOldFirst() throws Exception {
    String consumer = start(Duration.ofMillis(100), LONG, Duration.ZERO);
    Subscriber first = Subscriber.from(client, consumer, p -> p.type("LATEST"));
    await().until(() -> !first.events().isEmpty());
    Subscriber second = Subscriber.from(client, consumer, p -> p.type("LATEST"));
    assertThatThrownBy(() -> first.ended().get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ResourceInUseException.class);
    put("for the second");
    await().until(() -> second.texts().contains("for the second"));
  }

  @Test
  void aSubscriptionEndsWithItsConsumer() throws Exception {
    String consumer = start(Duration.ofMillis(50), LONG, LONG);
    Subscriber subscriber = Subscriber.from(client, consumer, p -> p.type("LATEST"));
    await().until(() -> !subscriber.events().isEmpty());
    server.client().deregisterStreamConsumer(r -> r.consumerARN(consumer));
    assertThatThrownBy(() -> subscriber.ended().get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ResourceNotFoundException.class);
    await().untilAsserted(() -> assertThat(server.streams().openSubscriptions()).isZero());
  }

  @Test
  void aSubscriptionEndsWithItsStream() throws Exception {
    String consumer = start(Duration.ofSeconds(5), LONG, LONG);
    Subscriber subscriber = Subscriber.from(client, consumer, p -> p.type("LATEST"));
    await().until(() -> server.streams().openSubscriptions() == 1);
    server.client().deleteStream(r -> r.streamName("s").enforceConsumerDeletion(true));
    assertThatThrownBy(() -> subscriber.ended().get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void eachSubscriptionHasItsOwnRate() throws Exception {
    FanOutSettings fanOut = new FanOutSettings(100, 100_000, Duration.ofSeconds(5), LONG, LONG);
    String consumer = start(fanOut, new CapacitySettings(0, 0, 0, 0, 200_000, 0, false));
    String other = register("d");
    for (int i = 0; i < 6; i++) {
      put("x".repeat(100_000));
    }
    long began = System.nanoTime();
    Subscriber one = Subscriber.from(client, consumer, p -> p.type("TRIM_HORIZON"));
    Subscriber two = Subscriber.from(client, other, p -> p.type("TRIM_HORIZON"));
    await().until(() -> one.texts().size() == 6 && two.texts().size() == 6);
    double seconds = (System.nanoTime() - began) / 1e9;
    // 200 kB at once, then 200 kB a second: 600 kB take two seconds for each, at the same time.
    assertThat(seconds).isBetween(1.4, 8.0);
  }

  @Test
  void aClientThatDoesNotReadHoldsNothingUp() throws Exception {
    String consumer = start(Duration.ofSeconds(5), LONG, LONG);
    for (int i = 0; i < 20; i++) {
      put("x".repeat(1_000_000));
    }
    try (Socket stuck = new Socket("127.0.0.1", port())) {
      String body =
          """
          {"ConsumerARN":"%s","ShardId":"shardId-000000000000",\
          "StartingPosition":{"Type":"TRIM_HORIZON"}}"""
              .formatted(consumer);
      stuck
          .getOutputStream()
          .write(
              """
              POST / HTTP/1.1\r
              Host: x\r
              X-Amz-Target: Kinesis_20131202.SubscribeToShard\r
              Content-Type: application/x-amz-json-1.1\r
              Content-Length: %d\r
              \r
              %s"""
                  .formatted(body.length(), body)
                  .getBytes(StandardCharsets.US_ASCII));
      await().until(() -> server.streams().openSubscriptions() == 1);
      Subscriber other = Subscriber.from(client, register("d"), p -> p.type("TRIM_HORIZON"));
      await().until(() -> other.texts().size() == 20);
    }
    await().until(() -> server.streams().openSubscriptions() == 1);
  }

  private int port() {
    return URI.create(server.url()).getPort();
  }
}
