package io.millrace.datastreams.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.datastreams.model.HashKey;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ScalingType;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/**
 * Random puts, reads, splits, merges, scalings, retention changes, purges and restarts against a
 * model. Seeds are printed by the name of the run; one of them changes from day to day.
 */
class StreamModelTest {
  private static final int STEPS = 500;
  private static final String STREAM = "model";

  private TestStreams server;
  private final StreamModel model = new StreamModel();
  private Random random;
  private int counter;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 0})
  void agreesWithTheModel(long given) throws Exception {
    long seed = given == 0 ? System.currentTimeMillis() / 86_400_000 : given;
    random = new Random(seed);
    try (TestStreams opened = new TestStreams(TestStreams.unlimited())) {
      server = opened;
      client().createStream(r -> r.streamName(STREAM).shardCount(1 + random.nextInt(4)));
      for (int step = 0; step < STEPS; step++) {
        step();
      }
      server.restart();
      checkEveryShard();
      assertThat(model.size()).as("seed %d wrote", seed).isGreaterThan(0);
    }
  }

  private KinesisClient client() {
    return server.client();
  }

  private void step() throws Exception {
    switch (random.nextInt(100)) {
      case 0 -> server.restart();
      case 1, 2, 3 -> split();
      case 4, 5, 6 -> merge();
      case 7 -> scale();
      case 8 -> retain();
      case 9 -> purge();
      case 10, 11, 12 -> checkEveryShard();
      default -> {
        if (random.nextInt(3) == 0) {
          readSomewhere();
        } else if (random.nextInt(4) == 0) {
          putOne();
        } else {
          putMany();
        }
      }
    }
  }

  private String key() {
    return "key-" + random.nextInt(50);
  }

  private String text() {
    int size = random.nextInt(20) == 0 ? random.nextInt(200_000) : random.nextInt(200);
    return ++counter + "-" + "x".repeat(size);
  }

  private void putOne() {
    String key = key();
    String text = text();
    var put =
        client()
            .putRecord(
                r -> r.streamName(STREAM).partitionKey(key).data(SdkBytes.fromUtf8String(text)));
    note(key, text, put.shardId(), put.sequenceNumber());
  }

  private void putMany() {
    List<PutRecordsRequestEntry> entries = new ArrayList<>();
    int count = 1 + random.nextInt(random.nextInt(10) == 0 ? 200 : 10);
    for (int i = 0; i < count; i++) {
      entries.add(
          PutRecordsRequestEntry.builder()
              .partitionKey(key())
              .data(SdkBytes.fromUtf8String(count > 20 ? ++counter + "-small" : text()))
              .build());
    }
    var put = client().putRecords(r -> r.streamName(STREAM).records(entries));
    assertThat(put.failedRecordCount()).isZero();
    for (int i = 0; i < count; i++) {
      PutRecordsResultEntry result = put.records().get(i);
      note(
          entries.get(i).partitionKey(),
          entries.get(i).data().asUtf8String(),
          result.shardId(),
          result.sequenceNumber());
    }
  }

  private void note(String key, String text, String shard, String number) {
    List<StreamModel.Written> before = model.of(shard);
    if (!before.isEmpty()) {
      assertThat(new BigInteger(number))
          .isGreaterThan(new BigInteger(before.getLast().sequenceNumber()));
    }
    model.add(shard, new StreamModel.Written(key, text, number));
  }

  private List<Shard> shards() {
    return client().listShards(r -> r.streamName(STREAM)).shards();
  }

  private List<Shard> open() {
    return shards().stream()
        .filter(shard -> shard.sequenceNumberRange().endingSequenceNumber() == null)
        .toList();
  }

  private void split() {
    List<Shard> open = open();
    Shard shard = open.get(random.nextInt(open.size()));
    BigInteger start = new BigInteger(shard.hashKeyRange().startingHashKey());
    BigInteger end = new BigInteger(shard.hashKeyRange().endingHashKey());
    if (open.size() < 12 && end.subtract(start).bitLength() > 8) {
      BigInteger middle = start.add(end).shiftRight(1);
      client()
          .splitShard(
              r ->
                  r.streamName(STREAM)
                      .shardToSplit(shard.shardId())
                      .newStartingHashKey(middle.toString()));
    }
  }

  private void merge() {
    List<Shard> open = open();
    Shard one = open.get(random.nextInt(open.size()));
    BigInteger end = new BigInteger(one.hashKeyRange().endingHashKey());
    open.stream()
        .filter(
            shard ->
                new BigInteger(shard.hashKeyRange().startingHashKey())
                    .equals(end.add(BigInteger.ONE)))
        .findFirst()
        .ifPresent(
            other ->
                client()
                    .mergeShards(
                        r ->
                            r.streamName(STREAM)
                                .shardToMerge(one.shardId())
                                .adjacentShardToMerge(other.shardId())));
  }

  private void scale() {
    int current = open().size();
    int target = Math.max((current + 1) / 2, random.nextInt(2 * current) + 1);
    if (target <= 12) {
      client()
          .updateShardCount(
              r ->
                  r.streamName(STREAM)
                      .targetShardCount(target)
                      .scalingType(ScalingType.UNIFORM_SCALING));
      assertThat(open()).hasSize(target);
    }
  }

  private void retain() {
    int now =
        client()
            .describeStreamSummary(r -> r.streamName(STREAM))
            .streamDescriptionSummary()
            .retentionPeriodHours();
    if (random.nextBoolean()) {
      client()
          .increaseStreamRetentionPeriod(
              r -> r.streamName(STREAM).retentionPeriodHours(Math.min(8760, now + 5)));
    } else {
      client()
          .decreaseStreamRetentionPeriod(
              r -> r.streamName(STREAM).retentionPeriodHours(Math.max(24, now - 3)));
    }
  }

  private void purge() throws Exception {
    assertThat(server.send("POST", "/v1/data-streams/" + STREAM + "/purge", "").statusCode())
        .isEqualTo(204);
    model.purge();
  }

  private void readSomewhere() {
    List<Shard> shards = shards();
    String shard = shards.get(random.nextInt(shards.size())).shardId();
    List<StreamModel.Written> written = model.of(shard);
    if (written.isEmpty()) {
      return;
    }
    int from = random.nextInt(written.size());
    boolean after = random.nextBoolean();
    GetShardIteratorRequest request =
        GetShardIteratorRequest.builder()
            .streamName(STREAM)
            .shardId(shard)
            .shardIteratorType(
                after
                    ? ShardIteratorType.AFTER_SEQUENCE_NUMBER
                    : ShardIteratorType.AT_SEQUENCE_NUMBER)
            .startingSequenceNumber(written.get(from).sequenceNumber())
            .build();
    ShardReader.Result read = ShardReader.read(client(), request, 1 + random.nextInt(50));
    checkRecords(shard, read.records(), written.subList(after ? from + 1 : from, written.size()));
  }

  private void checkEveryShard() {
    List<Shard> shards = shards();
    long found = 0;
    for (Shard shard : shards) {
      ShardReader.Result read = ShardReader.readAll(client(), STREAM, shard.shardId());
      checkRecords(shard.shardId(), read.records(), model.of(shard.shardId()));
      boolean closed = shard.sequenceNumberRange().endingSequenceNumber() != null;
      assertThat(read.ended()).as(shard.shardId()).isEqualTo(closed);
      assertThat(read.children().isEmpty()).isEqualTo(!closed);
      BigInteger start = new BigInteger(shard.hashKeyRange().startingHashKey());
      BigInteger end = new BigInteger(shard.hashKeyRange().endingHashKey());
      for (Record record : read.records()) {
        BigInteger hash = HashKey.of(record.partitionKey()).toBigInteger();
        assertThat(hash).isBetween(start, end);
        assertThat(new BigInteger(record.sequenceNumber()))
            .isGreaterThan(new BigInteger(shard.sequenceNumberRange().startingSequenceNumber()));
      }
      found += read.records().size();
    }
    assertThat(found).isEqualTo(model.size());
  }

  private static void checkRecords(
      String shard, List<Record> read, List<StreamModel.Written> written) {
    assertThat(
            read.stream()
                .map(
                    r ->
                        new StreamModel.Written(
                            r.partitionKey(), r.data().asUtf8String(), r.sequenceNumber()))
                .toList())
        .as(shard)
        .isEqualTo(written);
  }
}
