package io.millrace.server.metrics;

import io.millrace.datastreams.telemetry.ClientMetrics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** What clients sent with PutMetricData: one family, since their names are anything. */
final class ClientMetricCollector implements MultiCollector {
  private static final String PREFIX = "millrace_client_metric";

  private final ClientMetrics metrics;

  ClientMetricCollector(ClientMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public MetricSnapshots collect() {
    GaugeSnapshot.Builder sums =
        GaugeSnapshot.builder().name(PREFIX + "_sum").help("Sum of the values a client sent");
    CounterSnapshot.Builder samples =
        CounterSnapshot.builder().name(PREFIX + "_samples").help("How many values a client sent");
    GaugeSnapshot.Builder last =
        GaugeSnapshot.builder().name(PREFIX + "_last").help("Newest value a client sent");
    metrics
        .series()
        .forEach(
            (series, value) -> {
              Labels labels =
                  Labels.of(
                      "namespace",
                      series.namespace(),
                      "metric",
                      series.metric(),
                      "dimensions",
                      series.dimensions(),
                      "unit",
                      value.unit());
              sums.dataPoint(gauge(labels, value.sum()));
              last.dataPoint(gauge(labels, value.last()));
              samples.dataPoint(
                  CounterDataPointSnapshot.builder().labels(labels).value(value.samples()).build());
            });
    CounterSnapshot dropped =
        CounterSnapshot.builder()
            .name(PREFIX + "_dropped")
            .help("Values of series beyond the limit")
            .dataPoint(CounterDataPointSnapshot.builder().value((double) metrics.dropped()).build())
            .build();
    return MetricSnapshots.of(sums.build(), samples.build(), last.build(), dropped);
  }

  private static GaugeDataPointSnapshot gauge(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}
