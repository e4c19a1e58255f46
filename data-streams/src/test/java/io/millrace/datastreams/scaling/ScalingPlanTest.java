package io.millrace.datastreams.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.datastreams.model.ShardMap;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScalingPlanTest {
  private static final long NOW = 1_763_700_000_000L;
  private final ScalingPlan plan = new ScalingPlan(ScalingSettings.DEFAULTS);

  @Test
  void keepsRoomForDoubleThePeakAndNeverFewerThanFour() {
    assertThat(plan.wanted(0, 0)).isEqualTo(4);
    assertThat(plan.wanted(2, 0)).isEqualTo(4);
    assertThat(plan.wanted(3.2, 0)).isEqualTo(7);
    assertThat(plan.wanted(1, 20)).isEqualTo(20);
    assertThat(plan.wanted(1e9, 0)).isEqualTo(10_000);
  }

  @Test
  void splitsTheBusiestShards() {
    ShardMap map = ShardMap.uniform(4, NOW);
    ShardMap grown = plan.grow(map, Map.of(0, 0.1, 1, 0.7, 2, 0.6, 3, 0.2), 6, NOW + 1);
    assertThat(grown.open()).hasSize(6);
    assertThat(grown.find(1).isOpen()).isFalse();
    assertThat(grown.find(2).isOpen()).isFalse();
    assertThat(grown.find(0).isOpen()).isTrue();
  }

  @Test
  void doublesAtMostInOneStep() {
    assertThat(plan.grow(ShardMap.uniform(4, NOW), Map.of(), 100, NOW).open()).hasSize(8);
  }

  @Test
  void splitsAHotShardButDoesNotChaseAHotKeyForEver() {
    ShardMap map = ShardMap.uniform(4, NOW);
    for (int i = 0; i < 50; i++) {
      ShardMap now = map;
      map = plan.grow(now, Map.of(now.open().getFirst().number(), 1.0), 4, NOW + i);
    }
    assertThat(map.open()).hasSize(8);
  }

  @Test
  void mergesTheTwoNeighboursThatTookLeast() {
    ShardMap map = ShardMap.uniform(6, NOW);
    ShardMap less = plan.shrink(map, Map.of(0, .5, 1, .5, 2, .1, 3, .0, 4, .5, 5, .5), 4, NOW + 1);
    assertThat(less.open()).hasSize(5);
    assertThat(less.find(2).isOpen()).isFalse();
    assertThat(less.find(3).isOpen()).isFalse();
    assertThat(plan.shrink(map, Map.of(), 6, NOW)).isEqualTo(map);
  }

  @Test
  void remembersThePeakOfItsSpanOnly() {
    PeakWindow window = new PeakWindow(Duration.ofHours(24));
    window.add(NOW, 9);
    assertThat(window.isFull(NOW)).isFalse();
    window.add(NOW + Duration.ofHours(23).toMillis(), 1);
    assertThat(window.highest()).isEqualTo(9);
    window.add(NOW + Duration.ofHours(30).toMillis(), 2);
    assertThat(window.highest()).isEqualTo(2);
    assertThat(window.isFull(NOW + Duration.ofHours(30).toMillis())).isTrue();
  }
}
