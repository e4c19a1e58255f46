package io.millrace.server.metrics;

import io.millrace.datastreams.DataStreams;
import io.millrace.datastreams.stream.OpenShard;
import io.millrace.datastreams.stream.OpenStream;
import io.millrace.datastreams.stream.ShardCounters;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What data streams take and give. Per stream; per shard as well where enhanced monitoring is on.
 */
final class DataStreamCollector implements MultiCollector {
  private final DataStreams dataStreams;
  private final int maxStreams;

  /**
   * A counter of each shard.
   *
   * @param shardMetric name in enhanced monitoring that turns on the shard level
   */
  private record Counter(
      String name, String shardMetric, String help, ToLongFunction<ShardCounters> value) {}

  private static final List<Counter> COUNTERS =
      List.of(
          new Counter("records_in", "IncomingRecords", "Records taken", c -> c.recordsIn.sum()),
          new Counter(
              "bytes_in", "IncomingBytes", "Bytes of data and keys taken", c -> c.bytesIn.sum()),
          new Counter("records_out", "OutgoingRecords", "Records given", c -> c.recordsOut.sum()),
          new Counter("bytes_out", "OutgoingBytes", "Bytes given", c -> c.bytesOut.sum()),
          new Counter(
              "writes_throttled",
              "WriteProvisionedThroughputExceeded",
              "Records refused at the limit of a shard",
              c -> c.writesThrottled.sum()),
          new Counter(
              "reads_throttled",
              "ReadProvisionedThroughputExceeded",
              "Reads refused at the limit of a shard",
              c -> c.readsThrottled.sum()));

  /** Streams beyond {@code maxStreams}, in name order, are left out. */
  DataStreamCollector(DataStreams dataStreams, int maxStreams) {
    this.dataStreams = dataStreams;
    this.maxStreams = maxStreams;
  }

  @Override
  public MetricSnapshots collect() {
    List<OpenStream> streams =
        dataStreams.directory().all().values().stream().limit(maxStreams).toList();
    List<MetricSnapshot> all = new ArrayList<>();
    for (Counter counter : COUNTERS) {
      all.add(counters(counter, streams));
      all.add(shardCounters(counter, streams));
    }
    GaugeSnapshot.Builder shards = gauge("open_shards", "Open shards");
    GaugeSnapshot.Builder hottest =
        gauge("hottest_shard_ratio", "Share of its capacity that the busiest shard took lately");
    for (OpenStream stream : streams) {
      Labels labels = Labels.of("stream", stream.name());
      shards.dataPoint(point(labels, (double) stream.info().shards().open().size()));
      hottest.dataPoint(point(labels, dataStreams.scaler().hottestShard(stream)));
    }
    all.add(shards.build());
    all.add(hottest.build());
    all.add(
        gauge("subscriptions", "Open SubscribeToShard subscriptions")
            .dataPoint(point(Labels.EMPTY, (double) dataStreams.openSubscriptions()))
            .build());
    return new MetricSnapshots(all);
  }

  private static MetricSnapshot counters(Counter counter, List<OpenStream> streams) {
    CounterSnapshot.Builder values =
        CounterSnapshot.builder()
            .name("millrace_data_stream_" + counter.name())
            .help(counter.help());
    for (OpenStream stream : streams) {
      long sum =
          stream.shards().stream()
              .mapToLong(shard -> counter.value().applyAsLong(shard.counters()))
              .sum();
      values.dataPoint(count(Labels.of("stream", stream.name()), sum));
    }
    return values.build();
  }

  private static MetricSnapshot shardCounters(Counter counter, List<OpenStream> streams) {
    CounterSnapshot.Builder values =
        CounterSnapshot.builder()
            .name("millrace_data_stream_shard_" + counter.name())
            .help(counter.help() + ", by shard");
    for (OpenStream stream : streams) {
      if (!stream.info().options().shardMetrics().contains(counter.shardMetric())) {
        continue;
      }
      for (OpenShard shard : stream.shards()) {
        Labels labels = Labels.of("stream", stream.name(), "shard", shard.info().id());
        values.dataPoint(count(labels, counter.value().applyAsLong(shard.counters())));
      }
    }
    return values.build();
  }

  private static CounterDataPointSnapshot count(Labels labels, long value) {
    return CounterDataPointSnapshot.builder().labels(labels).value((double) value).build();
  }

  private static GaugeSnapshot.Builder gauge(String name, String help) {
    return GaugeSnapshot.builder().name("millrace_data_stream_" + name).help(help);
  }

  private static GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}
