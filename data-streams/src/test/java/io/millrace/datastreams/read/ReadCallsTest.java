package io.millrace.datastreams.read;

import static io.millrace.datastreams.server.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.datastreams.capacity.CapacitySettings;
import io.millrace.datastreams.control.ControlSettings;
import io.millrace.datastreams.server.ShardReader;
import io.millrace.datastreams.server.TestStreams;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** Iterators of all types and what they give. */
class ReadCallsTest {
  private static final String SHARD = "shardId-000000000000";
  private TestStreams server;
  private KinesisClient client;

  @BeforeEach
  void start() throws Exception {
    server = new TestStreams(TestStreams.unlimited());
    client = server.client();
    client.createStream(r -> r.streamName("s").shardCount(1));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private String put(String text) {
    return client
        .putRecord(r -> r.streamName("s").partitionKey("k").data(SdkBytes.fromUtf8String(text)))
        .sequenceNumber();
  }

  private GetShardIteratorRequest.Builder at(ShardIteratorType type) {
    return GetShardIteratorRequest.builder().streamName("s").shardId(SHARD).shardIteratorType(type);
  }

  private String iterator(GetShardIteratorRequest.Builder request) {
    return client.getShardIterator(request.build()).shardIterator();
  }

  private java.util.List<String> texts(GetShardIteratorRequest.Builder request) {
    return ShardReader.read(client, request.build(), 100).texts();
  }

  @Test
  void everyTypeBeginsWhereItSays() {
    String latest = iterator(at(ShardIteratorType.LATEST));
    put("a");
    String b = put("b");
    server.advance(Duration.ofMinutes(1));
    Instant beforeC = server.clock().instant();
    server.advance(Duration.ofMinutes(1));
    put("c");
    assertThat(texts(at(ShardIteratorType.TRIM_HORIZON))).containsExactly("a", "b", "c");
    assertThat(texts(at(ShardIteratorType.AT_SEQUENCE_NUMBER).startingSequenceNumber(b)))
        .containsExactly("b", "c");
    assertThat(texts(at(ShardIteratorType.AFTER_SEQUENCE_NUMBER).startingSequenceNumber(b)))
        .containsExactly("c");
    assertThat(texts(at(ShardIteratorType.AT_TIMESTAMP).timestamp(beforeC))).containsExactly("c");
    assertThat(texts(at(ShardIteratorType.AT_TIMESTAMP).timestamp(Instant.EPOCH)))
        .containsExactly("a", "b", "c");
    assertThat(texts(at(ShardIteratorType.LATEST))).isEmpty();
    GetRecordsResponse since = client.getRecords(r -> r.shardIterator(latest));
    assertThat(since.records())
        .extracting(r -> r.data().asUtf8String())
        .containsExactly("a", "b", "c");
    String start =
        client
            .listShards(r -> r.streamName("s"))
            .shards()
            .getFirst()
            .sequenceNumberRange()
            .startingSequenceNumber();
    assertThat(texts(at(ShardIteratorType.AT_SEQUENCE_NUMBER).startingSequenceNumber(start)))
        .containsExactly("a", "b", "c");
  }

  @Test
  void aShardMayBeNamedByItsDigits() {
    put("a");
    assertThat(
            client
                .getShardIterator(
                    r -> r.streamName("s").shardId("0").shardIteratorType("TRIM_HORIZON"))
                .shardIterator())
        .isNotEmpty();
  }

  @Test
  void whatIsNoStartIsRefused() {
    client.splitShard(r -> r.streamName("s").shardToSplit(SHARD).newStartingHashKey("1000"));
    String other =
        client
            .putRecord(
                r ->
                    r.streamName("s")
                        .partitionKey("k")
                        .explicitHashKey("5000")
                        .data(SdkBytes.fromUtf8String("x")))
            .sequenceNumber();
    assertRefused(
        () -> iterator(at(ShardIteratorType.AT_SEQUENCE_NUMBER).startingSequenceNumber(other)),
        "InvalidArgumentException",
        "Invalid StartingSequenceNumber. It encodes shardId-000000000002, while it was used in a"
            + " call to a shard with shardId-000000000000");
    assertRefused(
        () -> iterator(at(ShardIteratorType.AT_SEQUENCE_NUMBER)),
        "InvalidArgumentException",
        "StartingSequenceNumber");
    assertRefused(
        () -> iterator(at(ShardIteratorType.LATEST).startingSequenceNumber(other)),
        "InvalidArgumentException",
        "should not contain StartingSequenceNumber");
    assertRefused(
        () -> iterator(at(ShardIteratorType.AT_TIMESTAMP)),
        "InvalidArgumentException",
        "Timestamp");
    assertRefused(
        () ->
            iterator(
                at(ShardIteratorType.AT_TIMESTAMP)
                    .timestamp(Instant.parse("2100-01-01T00:00:00Z"))),
        "InvalidArgumentException",
        "future");
    assertRefused(
        () -> iterator(at(ShardIteratorType.LATEST).shardId("shardId-000000000077")),
        "ResourceNotFoundException",
        "Could not find shard shardId-000000000077 in stream s under account");
    assertRefused(
        () -> iterator(at(ShardIteratorType.LATEST).shardIteratorType("SOMEWHERE")),
        "ValidationException",
        "Member must satisfy enum value set");
  }

  @Test
  void iteratorsExpireAndCannotBeMadeUp() {
    String iterator = iterator(at(ShardIteratorType.TRIM_HORIZON));
    byte[] changed = Base64.getDecoder().decode(iterator);
    changed[20] ^= 1;
    for (String madeUp :
        java.util.List.of("x", "AAAA", Base64.getEncoder().encodeToString(changed))) {
      assertRefused(
          () -> client.getRecords(r -> r.shardIterator(madeUp)),
          "InvalidArgumentException",
          "Invalid ShardIterator.");
    }
    server.advance(Duration.ofSeconds(299));
    assertThat(client.getRecords(r -> r.shardIterator(iterator)).nextShardIterator()).isNotNull();
    server.advance(Duration.ofSeconds(2));
    assertRefused(
        () -> client.getRecords(r -> r.shardIterator(iterator)),
        "ExpiredIteratorException",
        "further in the future than the tolerated delay of 300000 milliseconds.");
  }

  @Test
  void iteratorsSurviveARestart() throws Exception {
    put("a");
    String iterator = iterator(at(ShardIteratorType.TRIM_HORIZON));
    server.restart();
    assertThat(server.client().getRecords(r -> r.shardIterator(iterator)).records()).hasSize(1);
  }

  @Test
  void pagesEndAtTheLimitOfRecordsAndOfBytes() {
    client.putRecords(
        r ->
            r.streamName("s")
                .records(
                    IntStream.range(0, 9)
                        .mapToObj(
                            i ->
                                software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry
                                    .builder()
                                    .partitionKey("k")
                                    .data(SdkBytes.fromByteArray(new byte[1_000_000]))
                                    .build())
                        .toList()));
    IntStream.range(0, 9).forEach(i -> put("small"));
    put("x".repeat(1_000_000));
    put("x".repeat(1_000_000));
    String iterator = iterator(at(ShardIteratorType.TRIM_HORIZON));
    assertThat(client.getRecords(r -> r.shardIterator(iterator).limit(4)).records()).hasSize(4);
    GetRecordsResponse page = client.getRecords(r -> r.shardIterator(iterator));
    int bytes = page.records().stream().mapToInt(r -> r.data().asByteArrayUnsafe().length).sum();
    assertThat(bytes).isBetween(9_000_000, 10 << 20);
    assertThat(page.millisBehindLatest()).isNotNegative();
    assertThat(client.getRecords(r -> r.shardIterator(page.nextShardIterator())).records())
        .isNotEmpty();
    assertRefused(
        () -> client.getRecords(r -> r.shardIterator(iterator).limit(10_001)),
        "ValidationException",
        "Member must have value less than or equal to 10000");
  }

  @Test
  void theEndOfAClosedShardNamesItsChildren() {
    put("a");
    client.splitShard(r -> r.streamName("s").shardToSplit(SHARD).newStartingHashKey("1000"));
    ShardReader.Result read = ShardReader.readAll(client, "s", SHARD);
    assertThat(read.texts()).containsExactly("a");
    assertThat(read.ended()).isTrue();
    assertThat(read.children())
        .extracting(c -> c.shardId())
        .containsExactly("shardId-000000000001", "shardId-000000000002");
    assertThat(read.children().getFirst().parentShards()).containsExactly(SHARD);
    assertThat(read.children().getFirst().hashKeyRange().endingHashKey()).isEqualTo("999");
    assertThat(texts(at(ShardIteratorType.LATEST))).isEmpty();
  }

  @Test
  void pollingIsHeldToTheShardsLimit() throws Exception {
    CapacitySettings two = new CapacitySettings(0, 0, 0, 2, 0, 0, false);
    try (TestStreams limited =
        new TestStreams(TestStreams.with(two, ControlSettings.unlimited(4), false))) {
      KinesisClient poller = limited.client();
      poller.createStream(r -> r.streamName("s").shardCount(1));
      String iterator =
          poller
              .getShardIterator(
                  r -> r.streamName("s").shardId(SHARD).shardIteratorType("TRIM_HORIZON"))
              .shardIterator();
      poller.getRecords(r -> r.shardIterator(iterator));
      poller.getRecords(r -> r.shardIterator(iterator));
      assertRefused(
          () -> poller.getRecords(r -> r.shardIterator(iterator)),
          "ProvisionedThroughputExceededException",
          "Rate exceeded for shard shardId-000000000000 in stream s under account");
    }
  }

  @Test
  void purgeEmptiesTheStreamAtOnce() throws Exception {
    put("a");
    assertThat(server.send("POST", "/v1/data-streams/s/purge", "").statusCode()).isEqualTo(204);
    put("b");
    assertThat(texts(at(ShardIteratorType.TRIM_HORIZON))).containsExactly("b");
    server.restart();
    client = server.client();
    assertThat(texts(at(ShardIteratorType.TRIM_HORIZON))).containsExactly("b");
  }
}
