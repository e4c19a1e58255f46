package io.millrace.datastreams.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShardMapTest {
  private static final long NOW = 1_763_700_000_000L;

  @Test
  void splitGivesTwoChildrenLowerHalfFirst() {
    ShardMap map = ShardMap.uniform(1, NOW).split(0, HashKeyRange.ALL.middle(), NOW + 5);
    assertThat(map.open())
        .extracting(StreamShard::id)
        .containsExactly("shardId-000000000001", "shardId-000000000002");
    assertThat(map.open()).allSatisfy(child -> assertThat(child.parent()).hasValue(0));
    assertThat(map.childrenOf(0)).hasSize(2);
    assertThat(map.find(0).closedMillis()).hasValue(NOW + 5);
  }

  @Test
  void childrenNumberTheirRecordsAboveTheirParents() {
    ShardMap map = ShardMap.uniform(1, NOW);
    for (int i = 0; i < 40; i++) {
      StreamShard parent = map.open().get(i % map.open().size());
      map = map.split(parent.number(), parent.range().middle(), NOW);
      BigInteger end = map.find(parent.number()).endingSequenceNumber().toBigInteger();
      for (StreamShard child : map.childrenOf(parent.number())) {
        assertThat(child.startingSequenceNumber().toBigInteger()).isGreaterThan(end);
      }
    }
  }

  @Test
  void mergeNamesBothParentsInTheOrderAsked() {
    ShardMap map = ShardMap.uniform(2, NOW).merge(1, 0, NOW);
    StreamShard child = map.open().getFirst();
    assertThat(child.parent()).hasValue(1);
    assertThat(child.adjacentParent()).hasValue(0);
    assertThat(child.range()).isEqualTo(HashKeyRange.ALL);
  }

  @Test
  void refusesWhatCannotBeDone() {
    ShardMap map = ShardMap.uniform(3, NOW);
    assertThatThrownBy(() -> map.merge(0, 2, NOW)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> map.split(0, HashKey.MIN, NOW))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> map.split(7, HashKey.MAX, NOW))
        .isInstanceOf(IllegalArgumentException.class);
    ShardMap closed = map.merge(0, 1, NOW);
    assertThatThrownBy(() -> closed.merge(0, 1, NOW)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void openShardsAlwaysCoverEveryKeyOnce() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    ShardMap map = ShardMap.uniform(1 + random.nextInt(5), NOW);
    for (int i = 0; i < 300; i++) {
      List<StreamShard> open = map.open();
      StreamShard any = open.get(random.nextInt(open.size()));
      switch (random.nextInt(10)) {
        case 0 -> map = map.scaleTo(1 + random.nextInt(12), NOW + i);
        case 1, 2, 3, 4 -> map = map.split(any.number(), any.range().middle(), NOW + i);
        default -> {
          int at = open.indexOf(any);
          if (at + 1 < open.size()) {
            map = map.merge(any.number(), open.get(at + 1).number(), NOW + i);
          }
        }
      }
      HashKey expected = HashKey.MIN;
      for (StreamShard shard : map.open()) {
        assertThat(shard.range().start()).as("seed %d step %d", seed, i).isEqualTo(expected);
        expected = shard.range().end().next();
      }
      assertThat(map.open().getLast().range().end()).as("seed %d", seed).isEqualTo(HashKey.MAX);
      HashKey key = new HashKey(random.nextLong(), random.nextLong());
      assertThat(map.route(key).range().contains(key)).as("seed %d", seed).isTrue();
    }
  }

  @Test
  void scalingEndsInEvenRanges() {
    for (int from : List.of(1, 2, 3, 5, 8)) {
      for (int to : List.of(1, 2, 3, 4, 7, 16)) {
        ShardMap map = ShardMap.uniform(from, NOW).scaleTo(to, NOW + 1);
        assertThat(map.open())
            .extracting(StreamShard::range)
            .containsExactlyElementsOf(HashKeyRange.uniform(to));
      }
    }
    assertThat(ShardMap.uniform(4, NOW).scaleTo(4, NOW)).isEqualTo(ShardMap.uniform(4, NOW));
  }

  @Test
  void forgetsShardsClosedLongAgoOnly() {
    ShardMap map = ShardMap.uniform(1, NOW).split(0, HashKeyRange.ALL.middle(), NOW + 10);
    assertThat(map.withoutClosedBefore(NOW + 10)).isEqualTo(map);
    assertThat(map.withoutClosedBefore(NOW + 11).all()).hasSize(2);
  }

  @Test
  void streamsSurviveTheirBytes() throws IOException {
    ShardMap map =
        ShardMap.uniform(3, NOW).split(1, ShardMap.uniform(3, NOW).find(1).range().middle(), NOW);
    DataStream stream =
        new DataStream(
            "s",
            NOW,
            new StreamOptions(
                StreamOptions.Mode.ON_DEMAND,
                48,
                2048,
                StreamOptions.Distribution.AUTO,
                Optional.of("alias/key"),
                Set.of("IncomingBytes", "OutgoingRecords"),
                OptionalInt.of(7)),
            map,
            Map.of("c", new StreamConsumer("c", 5, Map.of("k", "v"), Optional.of("{}"))),
            Map.of("a", "1", "b", ""),
            Optional.of("ä".repeat(40_000)),
            List.of(new DataStream.Change(DataStream.Change.Kind.MODE, 9)));
    assertThat(StreamCodec.decode(StreamCodec.encode(stream))).isEqualTo(stream);
  }

  @Test
  void bytesThatAreNoStreamAreRefused() {
    byte[] good =
        StreamCodec.encode(
            new DataStream(
                "s",
                NOW,
                StreamOptions.initial(StreamOptions.Mode.PROVISIONED),
                ShardMap.uniform(1, NOW),
                Map.of(),
                Map.of(),
                Optional.empty(),
                List.of()));
    for (int length = 0; length < good.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(good, length);
      assertThatThrownBy(() -> StreamCodec.decode(cut)).isInstanceOf(IOException.class);
    }
    good[0] = 99;
    assertThatThrownBy(() -> StreamCodec.decode(good)).hasMessageContaining("version 99");
  }
}
