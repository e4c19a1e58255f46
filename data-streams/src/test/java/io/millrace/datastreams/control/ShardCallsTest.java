package io.millrace.datastreams.control;

import static io.millrace.datastreams.server.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.datastreams.capacity.CapacitySettings;
import io.millrace.datastreams.server.TestStreams;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.ScalingType;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardFilter;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;

/** Splitting, merging, scaling and listing shards. */
class ShardCallsTest {
  private static final String MIDDLE = "170141183460469231731687303715884105728";
  private TestStreams server;
  private KinesisClient client;

  @BeforeEach
  void start() throws Exception {
    server =
        new TestStreams(
            TestStreams.with(
                CapacitySettings.UNLIMITED,
                new ControlSettings(50, 0, 0, 50, 2, 0, 0, 4, 20 << 10),
                false));
    client = server.client();
    client.createStream(r -> r.streamName("s").shardCount(1));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private void split(String shard, String at) {
    client.splitShard(r -> r.streamName("s").shardToSplit(shard).newStartingHashKey(at));
  }

  private void merge(String one, String other) {
    client.mergeShards(r -> r.streamName("s").shardToMerge(one).adjacentShardToMerge(other));
  }

  private List<String> ids(ShardFilter filter) {
    return client.listShards(r -> r.streamName("s").shardFilter(filter)).shards().stream()
        .map(Shard::shardId)
        .map(id -> id.substring(id.length() - 1))
        .toList();
  }

  private static ShardFilter filter(ShardFilterType type) {
    return ShardFilter.builder().type(type).build();
  }

  @Test
  void lineageIsToldThroughSplitAndMerge() {
    split("shardId-000000000000", MIDDLE);
    merge("shardId-000000000001", "shardId-000000000002");
    List<Shard> shards = client.listShards(r -> r.streamName("s")).shards();
    assertThat(shards).hasSize(4);
    assertThat(shards.get(1).parentShardId()).isEqualTo("shardId-000000000000");
    assertThat(shards.get(1).adjacentParentShardId()).isNull();
    assertThat(shards.get(3).parentShardId()).isEqualTo("shardId-000000000001");
    assertThat(shards.get(3).adjacentParentShardId()).isEqualTo("shardId-000000000002");
    assertThat(shards.get(0).sequenceNumberRange().endingSequenceNumber()).isNotNull();
    assertThat(shards.get(3).sequenceNumberRange().endingSequenceNumber()).isNull();
  }

  @Test
  void whatCannotBeReshapedIsRefusedWithTheServicesTexts() {
    assertRefused(
        () -> split("shardId-000000000000", "1"),
        "InvalidArgumentException",
        "NewStartingHashKey 1 used in SplitShard() on shard shardId-000000000000 in stream s");
    split("shardId-000000000000", "2");
    assertRefused(
        () -> split("shardId-000000000000", MIDDLE),
        "InvalidArgumentException",
        "has already been merged or split, and thus is not eligible for merging or splitting.");
    split("shardId-000000000002", MIDDLE);
    assertRefused(
        () -> merge("shardId-000000000001", "shardId-000000000004"),
        "InvalidArgumentException",
        "are not an adjacent pair of shards eligible for merging");
    assertRefused(
        () -> merge("shardId-000000000001", "shardId-000000000009"),
        "ResourceNotFoundException",
        "Could not find shard shardId-000000000009 in stream s under account");
    assertRefused(
        () -> split("shardId-000000000001", "x"), "ValidationException", "newStartingHashKey");
  }

  @Test
  void scalesByDoubleOrHalfTwiceADay() {
    assertRefused(
        () -> scale(3),
        "InvalidArgumentException",
        "UpdateShardCount cannot scale over double your current open shard count."
            + " Current open shard count: 1 Target shard count: 3");
    var answer = scale(2);
    assertThat(answer.currentShardCount()).isEqualTo(1);
    assertThat(answer.targetShardCount()).isEqualTo(2);
    scale(3);
    assertThat(ids(filter(ShardFilterType.AT_LATEST))).hasSize(3);
    assertRefused(() -> scale(4), "LimitExceededException", "2 times in 24 hours");
    server.advance(Duration.ofHours(25));
    scale(6);
    server.advance(Duration.ofHours(25));
    assertRefused(() -> scale(2), "InvalidArgumentException", "below half");
  }

  private software.amazon.awssdk.services.kinesis.model.UpdateShardCountResponse scale(int target) {
    return client.updateShardCount(
        r -> r.streamName("s").targetShardCount(target).scalingType(ScalingType.UNIFORM_SCALING));
  }

  @Test
  void filtersShardsByWhenTheyWereOpen() {
    server.advance(Duration.ofHours(1));
    Instant beforeSplit = server.clock().instant();
    server.advance(Duration.ofHours(1));
    split("shardId-000000000000", MIDDLE);
    server.advance(Duration.ofHours(1));
    Instant afterSplit = server.clock().instant();
    server.advance(Duration.ofHours(1));
    split("shardId-000000000001", "1000");
    server.advance(Duration.ofMinutes(1));

    assertThat(ids(filter(ShardFilterType.AT_LATEST))).containsExactly("2", "3", "4");
    assertThat(ids(filter(ShardFilterType.AT_TRIM_HORIZON))).containsExactly("0");
    assertThat(ids(filter(ShardFilterType.FROM_TRIM_HORIZON)))
        .containsExactly("0", "1", "2", "3", "4");
    assertThat(
            ids(
                ShardFilter.builder()
                    .type(ShardFilterType.AFTER_SHARD_ID)
                    .shardId("shardId-000000000002")
                    .build()))
        .containsExactly("3", "4");
    assertThat(ids(at(ShardFilterType.AT_TIMESTAMP, beforeSplit))).containsExactly("0");
    assertThat(ids(at(ShardFilterType.AT_TIMESTAMP, afterSplit))).containsExactly("1", "2");
    assertThat(ids(at(ShardFilterType.FROM_TIMESTAMP, afterSplit)))
        .containsExactly("1", "2", "3", "4");
    assertRefused(
        () -> ids(at(ShardFilterType.AT_TIMESTAMP, Instant.parse("2100-01-01T00:00:00Z"))),
        "InvalidArgumentException",
        "not between the stream's creation and now");
    assertRefused(
        () -> ids(filter(ShardFilterType.AFTER_SHARD_ID)),
        "InvalidArgumentException",
        "ShardId must be provided");
  }

  private static ShardFilter at(ShardFilterType type, Instant timestamp) {
    return ShardFilter.builder().type(type).timestamp(timestamp).build();
  }

  @Test
  void closedShardsLeaveTheListWhenRetentionIsOver() {
    split("shardId-000000000000", MIDDLE);
    server.advance(Duration.ofHours(23));
    server.streams().sweep();
    assertThat(ids(filter(ShardFilterType.FROM_TRIM_HORIZON))).hasSize(3);
    server.advance(Duration.ofHours(2));
    server.streams().sweep();
    org.awaitility.Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(ids(filter(ShardFilterType.FROM_TRIM_HORIZON)))
                    .containsExactly("1", "2"));
  }

  @Test
  void pagesOfShardsGoOnByTokenForFiveMinutes() {
    client.updateShardCount(
        r -> r.streamName("s").targetShardCount(2).scalingType("UNIFORM_SCALING"));
    List<String> seen = new ArrayList<>();
    ListShardsResponse page = client.listShards(r -> r.streamName("s").maxResults(2));
    String firstToken = page.nextToken();
    page.shards().forEach(shard -> seen.add(shard.shardId()));
    while (page.nextToken() != null) {
      String token = page.nextToken();
      page = client.listShards(r -> r.nextToken(token).maxResults(2));
      page.shards().forEach(shard -> seen.add(shard.shardId()));
    }
    assertThat(seen).hasSize(3).doesNotHaveDuplicates();
    assertRefused(
        () -> client.listShards(r -> r.nextToken(firstToken).streamName("s")),
        "InvalidArgumentException",
        "NextToken and StreamName cannot be provided together.");
    assertRefused(
        () -> client.listShards(r -> {}),
        "InvalidArgumentException",
        "Either NextToken or StreamName should be provided.");
    server.advance(Duration.ofSeconds(301));
    assertRefused(
        () -> client.listShards(r -> r.nextToken(firstToken)), "ExpiredNextTokenException", "300");
  }
}
