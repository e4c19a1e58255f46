package io.millrace.datastreams.scaling;

import io.millrace.datastreams.model.HashKeyRange;
import io.millrace.datastreams.model.ShardMap;
import io.millrace.datastreams.model.StreamShard;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Decides on splits and merges from what each shard took. Pure. */
final class ScalingPlan {
  private final ScalingSettings settings;

  ScalingPlan(ScalingSettings settings) {
    this.settings = settings;
  }

  /** Shards a stream should have for a peak, in shards' worth of traffic. */
  int wanted(double peak, int warmShards) {
    int forPeak = (int) Math.ceil(peak * settings.headroom());
    int wanted = Math.max(Math.max(settings.minShards(), warmShards), forPeak);
    return Math.min(settings.maxShards(), wanted);
  }

  /**
   * Splits the busiest shards: as many as are missing, and those that are hot by themselves. Each
   * shard is split once at most, so a stream doubles at most.
   *
   * @param load share of its capacity that each open shard took, by number
   */
  ShardMap grow(ShardMap shards, Map<Integer, Double> load, int wanted, long nowMillis) {
    List<StreamShard> busiest =
        shards.open().stream()
            .sorted(Comparator.comparingDouble((StreamShard s) -> -loadOf(load, s)))
            .toList();
    ShardMap next = shards;
    for (StreamShard shard : busiest) {
      // A key that is hot by itself cannot be split; shards beyond this only follow it around.
      boolean hot = loadOf(load, shard) >= settings.hotShard() && next.open().size() < 2L * wanted;
      boolean missing = next.open().size() < wanted;
      if ((hot || missing)
          && isDivisible(shard.range())
          && next.open().size() < settings.maxShards()) {
        next = next.split(shard.number(), shard.range().middle(), nowMillis);
      }
    }
    return next;
  }

  private static boolean isDivisible(HashKeyRange range) {
    return range.middle().compareTo(range.start()) > 0;
  }

  /** Merges the two neighbours that took least, if there are too many shards. */
  ShardMap shrink(ShardMap shards, Map<Integer, Double> load, int wanted, long nowMillis) {
    List<StreamShard> open = shards.open();
    if (open.size() <= wanted) {
      return shards;
    }
    int best = 0;
    double least = Double.MAX_VALUE;
    for (int i = 0; i + 1 < open.size(); i++) {
      double both = loadOf(load, open.get(i)) + loadOf(load, open.get(i + 1));
      if (both < least) {
        least = both;
        best = i;
      }
    }
    return shards.merge(open.get(best).number(), open.get(best + 1).number(), nowMillis);
  }

  private static double loadOf(Map<Integer, Double> load, StreamShard shard) {
    return load.getOrDefault(shard.number(), 0.0);
  }
}
