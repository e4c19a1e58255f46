package io.millrace.datastreams.scaling;

import io.millrace.datastreams.model.DataStream;
import io.millrace.datastreams.model.StreamOptions;
import io.millrace.datastreams.stream.OpenShard;
import io.millrace.datastreams.stream.OpenStream;
import io.millrace.datastreams.stream.StreamDirectory;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks every few seconds at what each shard took, and scales the streams that want it. Call it
 * from one thread; what it measured may be read from any.
 */
public final class StreamScaler {
  private static final long MIB = 1 << 20;

  private final StreamDirectory directory;
  private final ScalingSettings settings;
  private final InstantSource clock;
  private final ScalingPlan plan;
  private final Map<OpenStream, Observed> observed = new ConcurrentHashMap<>();

  /** What was seen of a stream. */
  private static final class Observed {
    private final Map<Integer, long[]> before = new HashMap<>();
    private final PeakWindow peaks;
    private volatile double hottest;
    private long seenNanos;

    Observed(PeakWindow peaks) {
      this.peaks = peaks;
    }
  }

  public StreamScaler(StreamDirectory directory, ScalingSettings settings, InstantSource clock) {
    this.directory = directory;
    this.settings = settings;
    this.clock = clock;
    this.plan = new ScalingPlan(settings);
  }

  /** Share of its capacity that the busiest shard of a stream took lately; may exceed 1. */
  public double hottestShard(OpenStream stream) {
    Observed seen = observed.get(stream);
    return seen == null ? 0 : seen.hottest;
  }

  /** Looks at every stream once. */
  public void run() {
    observed.keySet().removeIf(OpenStream::isDeleted);
    for (OpenStream stream : directory.all().values()) {
      Observed seen =
          observed.computeIfAbsent(
              stream, first -> new Observed(new PeakWindow(settings.scaleDownAfter())));
      look(stream, seen);
    }
  }

  private void look(OpenStream stream, Observed seen) {
    long nowNanos = System.nanoTime();
    double seconds = (nowNanos - seen.seenNanos) / 1e9;
    boolean first = seen.seenNanos == 0;
    seen.seenNanos = nowNanos;
    Map<Integer, Double> load = new HashMap<>();
    double total = 0;
    double hottest = 0;
    for (OpenShard shard : stream.shards()) {
      int number = shard.info().number();
      long[] now = {shard.counters().bytesIn.sum(), shard.counters().recordsIn.sum()};
      long[] before = seen.before.put(number, now);
      if (before == null || first || !shard.info().isOpen()) {
        continue;
      }
      double share =
          Math.max(
                  (now[0] - before[0]) / (double) settings.shardBytes(),
                  (now[1] - before[1]) / (double) settings.shardRecords())
              / seconds;
      load.put(number, share);
      total += share;
      hottest = Math.max(hottest, share);
    }
    seen.before.keySet().removeIf(number -> stream.shard(number) == null);
    seen.hottest = hottest;
    seen.peaks.add(clock.millis(), total);
    if (stream.info().options().mode() == StreamOptions.Mode.ON_DEMAND
        && stream.failure() == null) {
      scale(stream, seen, load);
    }
  }

  private void scale(OpenStream stream, Observed seen, Map<Integer, Double> load) {
    DataStream info = stream.info();
    long now = clock.millis();
    int warm =
        (int)
            Math.ceil(info.options().warmMibps().orElse(0) * MIB / (double) settings.shardBytes());
    int wanted = plan.wanted(seen.peaks.highest(), warm);
    boolean grows = !plan.grow(info.shards(), load, wanted, now).equals(info.shards());
    boolean shrinks = !grows && info.shards().open().size() > wanted && seen.peaks.isFull(now);
    if (grows) {
      var unused =
          directory.change(stream, s -> s.withShards(plan.grow(s.shards(), load, wanted, now)));
    } else if (shrinks) {
      var unused =
          directory.change(stream, s -> s.withShards(plan.shrink(s.shards(), load, wanted, now)));
    }
  }
}
