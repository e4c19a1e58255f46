package io.millrace.server.metrics;

import io.millrace.api.ApiMetrics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** Requests by operation and outcome, their time, and how many are in flight. */
final class ApiCollector implements MultiCollector {
  private final ApiMetrics metrics;

  ApiCollector(ApiMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public MetricSnapshots collect() {
    CounterSnapshot.Builder requests =
        CounterSnapshot.builder()
            .name("millrace_requests")
            .help("Requests that ended, by operation and outcome");
    CounterSnapshot.Builder seconds =
        CounterSnapshot.builder()
            .name("millrace_request_seconds")
            .help("Time from head to end of answer, summed, by operation");
    metrics
        .operations()
        .forEach(
            (name, counts) -> {
              requests.dataPoint(point(name, "ok", counts.succeeded()));
              requests.dataPoint(point(name, "client_fault", counts.clientFaults()));
              requests.dataPoint(point(name, "server_fault", counts.serverFaults()));
              seconds.dataPoint(
                  CounterDataPointSnapshot.builder()
                      .labels(Labels.of("operation", name))
                      .value(counts.durationNanos() / 1e9)
                      .build());
            });
    GaugeSnapshot inFlight =
        GaugeSnapshot.builder()
            .name("millrace_requests_in_flight")
            .help("Requests whose answer has not ended")
            .dataPoint(
                GaugeSnapshot.GaugeDataPointSnapshot.builder()
                    .value((double) metrics.inFlight())
                    .build())
            .build();
    return MetricSnapshots.of(requests.build(), seconds.build(), inFlight);
  }

  private static CounterDataPointSnapshot point(String operation, String outcome, long value) {
    return CounterDataPointSnapshot.builder()
        .labels(Labels.of("operation", operation, "outcome", outcome))
        .value((double) value)
        .build();
  }
}
