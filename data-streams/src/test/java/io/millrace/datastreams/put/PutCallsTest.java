package io.millrace.datastreams.put;

import static io.millrace.datastreams.server.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.datastreams.capacity.CapacitySettings;
import io.millrace.datastreams.control.ControlSettings;
import io.millrace.datastreams.server.ShardReader;
import io.millrace.datastreams.server.TestStreams;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.EncryptionType;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;

/** Records in: placement, limits, order. */
class PutCallsTest {
  private static final int MIB = 1 << 20;

  private static TestStreams unlimited() throws Exception {
    return new TestStreams(TestStreams.unlimited());
  }

  private static PutRecordsRequestEntry entry(String key, byte[] data) {
    return PutRecordsRequestEntry.builder()
        .partitionKey(key)
        .data(SdkBytes.fromByteArray(data))
        .build();
  }

  @Test
  void explicitHashKeysDecide() throws Exception {
    try (TestStreams server = unlimited()) {
      KinesisClient client = server.client();
      client.createStream(r -> r.streamName("s").shardCount(2));
      String last = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE).toString();
      for (var each :
          Map.of("0", "shardId-000000000000", last, "shardId-000000000001").entrySet()) {
        assertThat(
                client
                    .putRecord(
                        r ->
                            r.streamName("s")
                                .partitionKey("a")
                                .explicitHashKey(each.getKey())
                                .data(SdkBytes.fromUtf8String("x")))
                    .shardId())
            .isEqualTo(each.getValue());
      }
      String beyond = BigInteger.ONE.shiftLeft(128).toString();
      assertRefused(
          () ->
              client.putRecord(
                  r ->
                      r.streamName("s")
                          .partitionKey("a")
                          .explicitHashKey(beyond)
                          .data(SdkBytes.fromUtf8String("x"))),
          "InvalidArgumentException",
          "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]."
              + " Specified value was "
              + beyond);
    }
  }

  @Test
  void aRecordMayBeAsLargeAsItsStreamSaysAndNoByteMore() throws Exception {
    try (TestStreams server = unlimited()) {
      KinesisClient client = server.client();
      client.createStream(r -> r.streamName("s").shardCount(1));
      byte[] fits = new byte[MIB - 1];
      client.putRecords(r -> r.streamName("s").records(entry("k", fits)));
      assertRefused(
          () -> client.putRecords(r -> r.streamName("s").records(entry("kk", fits))),
          "ValidationException",
          "less than or equal to 1048576");
      client.updateMaxRecordSize(
          r -> r.streamARN(TestStreams.ACCOUNT.streamArn("s")).maxRecordSizeInKiB(10240));
      byte[] largest = new byte[10 * MIB - 1];
      client.putRecord(
          r -> r.streamName("s").partitionKey("k").data(SdkBytes.fromByteArray(largest)));
      List<Record> read = ShardReader.readAll(client, "s", "shardId-000000000000").records();
      assertThat(read)
          .extracting(r -> r.data().asByteArrayUnsafe().length)
          .containsExactly(MIB - 1, 10 * MIB - 1);
    }
  }

  @Test
  void aCallTakesTenMebibytesAndNoByteMore() throws Exception {
    try (TestStreams server = unlimited()) {
      KinesisClient client = server.client();
      client.createStream(r -> r.streamName("s").shardCount(1));
      List<PutRecordsRequestEntry> full = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        full.add(entry("k", new byte[MIB - 1]));
      }
      assertThat(client.putRecords(r -> r.streamName("s").records(full)).failedRecordCount())
          .isZero();
      full.add(entry("k", new byte[0]));
      assertRefused(
          () -> client.putRecords(r -> r.streamName("s").records(full)),
          "InvalidArgumentException",
          "10 MB limit");
      List<PutRecordsRequestEntry> many = new ArrayList<>();
      for (int i = 0; i < 501; i++) {
        many.add(entry("k", new byte[1]));
      }
      assertRefused(
          () -> client.putRecords(r -> r.streamName("s").records(many)),
          "ValidationException",
          "Member must have length less than or equal to 500");
    }
  }

  @Test
  void aShardAtItsLimitThrottlesSingleRecordsOfACall() throws Exception {
    CapacitySettings five = new CapacitySettings(0, 5, 0, 0, 0, 0, false);
    try (TestStreams server =
        new TestStreams(TestStreams.with(five, ControlSettings.unlimited(4), false))) {
      KinesisClient client = server.client();
      client.createStream(r -> r.streamName("s").shardCount(1));
      List<PutRecordsRequestEntry> ten = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        ten.add(entry("k" + i, new byte[1]));
      }
      var answer = client.putRecords(r -> r.streamName("s").records(ten));
      assertThat(answer.failedRecordCount()).isEqualTo(5);
      assertThat(answer.records().get(0).sequenceNumber()).isNotNull();
      assertThat(answer.records().get(9).sequenceNumber()).isNull();
      assertThat(answer.records().get(9).errorCode())
          .isEqualTo("ProvisionedThroughputExceededException");
      assertThat(answer.records().get(9).errorMessage())
          .isEqualTo(
              "Rate exceeded for shard shardId-000000000000 in stream s under account "
                  + TestStreams.ACCOUNT.id()
                  + ".");
      assertRefused(
          () ->
              client.putRecord(
                  r -> r.streamName("s").partitionKey("k").data(SdkBytes.fromUtf8String("x"))),
          "ProvisionedThroughputExceededException",
          "Rate exceeded for shard shardId-000000000000");
    }
  }

  @Test
  void orderingTakesNumbersOfThisStreamOnly() throws Exception {
    try (TestStreams server = unlimited()) {
      KinesisClient client = server.client();
      client.createStream(r -> r.streamName("s").shardCount(1));
      client.createStream(r -> r.streamName("other").shardCount(9));
      String first =
          client
              .putRecord(
                  r -> r.streamName("s").partitionKey("k").data(SdkBytes.fromUtf8String("x")))
              .sequenceNumber();
      String second =
          client
              .putRecord(
                  r ->
                      r.streamName("s")
                          .partitionKey("k")
                          .sequenceNumberForOrdering(first)
                          .data(SdkBytes.fromUtf8String("x")))
              .sequenceNumber();
      assertThat(new BigInteger(second)).isGreaterThan(new BigInteger(first));
      assertRefused(
          () ->
              client.putRecord(
                  r ->
                      r.streamName("s")
                          .partitionKey("k")
                          .sequenceNumberForOrdering("12345")
                          .data(SdkBytes.fromUtf8String("x"))),
          "InvalidArgumentException",
          "ExclusiveMinimumSequenceNumber 12345 used in PutRecord on stream s under account "
              + TestStreams.ACCOUNT.id()
              + " is invalid.");
    }
  }

  @Test
  void recordsOfAnEncryptedStreamSaySo() throws Exception {
    try (TestStreams server = unlimited()) {
      KinesisClient client = server.client();
      client.createStream(r -> r.streamName("s").shardCount(1));
      client.putRecord(r -> r.streamName("s").partitionKey("a").data(SdkBytes.fromUtf8String("1")));
      client.startStreamEncryption(
          r -> r.streamName("s").encryptionType(EncryptionType.KMS).keyId("alias/k"));
      var put =
          client.putRecord(
              r -> r.streamName("s").partitionKey("a").data(SdkBytes.fromUtf8String("2")));
      assertThat(put.encryptionType()).isEqualTo(EncryptionType.KMS);
      assertThat(ShardReader.readAll(client, "s", "shardId-000000000000").records())
          .extracting(Record::encryptionType)
          .containsExactly(null, EncryptionType.KMS);
    }
  }

  @Test
  void noRecordIsLostOrOutOfOrderWhileShardsAreReshapedUnderIt() throws Exception {
    try (TestStreams server = unlimited();
        ExecutorService threads = Executors.newFixedThreadPool(5)) {
      KinesisClient client = server.client();
      client.createStream(r -> r.streamName("s").shardCount(2));
      AtomicBoolean done = new AtomicBoolean();
      List<Future<Integer>> producers = new ArrayList<>();
      for (int p = 0; p < 4; p++) {
        String key = "producer-" + p;
        producers.add(
            threads.submit(
                () -> {
                  int sent = 0;
                  while (!done.get()) {
                    String text = String.valueOf(sent);
                    client.putRecord(
                        r ->
                            r.streamName("s")
                                .partitionKey(key)
                                .data(SdkBytes.fromUtf8String(text)));
                    sent++;
                  }
                  return sent;
                }));
      }
      for (int target : List.of(4, 2, 4, 8, 5, 3, 6, 3)) {
        client.updateShardCount(
            r -> r.streamName("s").targetShardCount(target).scalingType("UNIFORM_SCALING"));
      }
      done.set(true);
      Map<String, Integer> sent = new TreeMap<>();
      for (int p = 0; p < 4; p++) {
        sent.put("producer-" + p, producers.get(p).get());
      }
      // Parents have smaller numbers than their children, so this is the order of consumers.
      Map<String, Integer> read = new TreeMap<>();
      for (Shard shard : client.listShards(r -> r.streamName("s")).shards()) {
        for (Record record : ShardReader.readAll(client, "s", shard.shardId()).records()) {
          int expected = read.getOrDefault(record.partitionKey(), 0);
          assertThat(record.data().asUtf8String()).isEqualTo(String.valueOf(expected));
          read.put(record.partitionKey(), expected + 1);
        }
      }
      assertThat(read).isEqualTo(sent);
      assertThat(sent.values()).allMatch(count -> count > 0);
    }
  }
}
