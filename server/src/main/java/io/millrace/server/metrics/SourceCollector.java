package io.millrace.server.metrics;

import io.millrace.ingest.source.Source;
import io.millrace.ingest.source.SourceState;
import io.millrace.ingest.source.SourceState.Phase;
import io.millrace.ingest.source.Sources;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** How each source that the server pulls is doing. */
final class SourceCollector implements MultiCollector {
  private final Sources sources;

  SourceCollector(Sources sources) {
    this.sources = sources;
  }

  @Override
  public MetricSnapshots collect() {
    GaugeSnapshot.Builder up =
        GaugeSnapshot.builder()
            .name("millrace_source_receiving")
            .help("1 while media comes from the source");
    CounterSnapshot.Builder frames =
        CounterSnapshot.builder()
            .name("millrace_source_frames")
            .help("Frames that came from the source");
    CounterSnapshot.Builder attempts =
        CounterSnapshot.builder()
            .name("millrace_source_attempts")
            .help("Connections begun to the source");
    for (Source source : sources.list()) {
      SourceState state = sources.state(source);
      Labels labels = Labels.of("source", source.name(), "stream", source.stream());
      up.dataPoint(
          GaugeSnapshot.GaugeDataPointSnapshot.builder()
              .labels(labels)
              .value(state.phase() == Phase.RECEIVING ? 1 : 0)
              .build());
      frames.dataPoint(point(labels, state.frames()));
      attempts.dataPoint(point(labels, state.attempts()));
    }
    return MetricSnapshots.of(up.build(), frames.build(), attempts.build());
  }

  private static CounterSnapshot.CounterDataPointSnapshot point(Labels labels, long value) {
    return CounterSnapshot.CounterDataPointSnapshot.builder()
        .labels(labels)
        .value((double) value)
        .build();
  }
}
