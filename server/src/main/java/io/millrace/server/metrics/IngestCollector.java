package io.millrace.server.metrics;

import io.millrace.ingest.fragmenter.IngestError;
import io.millrace.ingest.metrics.IngestMetrics;
import io.millrace.ingest.metrics.LatencyHistogram;
import io.millrace.media.track.GapReason;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** What each producer sent and how long it waited for PERSISTED. */
final class IngestCollector implements MultiCollector {
  private final IngestMetrics metrics;

  IngestCollector(IngestMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public MetricSnapshots collect() {
    Map<String, IngestMetrics.Stream> streams = metrics.streams();
    return MetricSnapshots.of(
        counter(streams, "bytes", "Bytes of media received", s -> s.bytes().sum()),
        counter(streams, "fragments", "Fragments made durable", s -> s.fragments().sum()),
        counter(streams, "frames", "Frames made durable", s -> s.frames().sum()),
        counter(
            streams,
            "torn_fragments",
            "Fragments cut off and dropped",
            s -> s.tornFragments().sum()),
        counter(streams, "pauses", "Times a producer was held back", s -> s.pauses().sum()),
        counter(
            streams,
            "codec_problems",
            "Sessions with missing or invalid decoder setup",
            s -> s.codecProblems().sum()),
        counter(
            streams,
            "dropped_frames",
            "Frames of feeds that came and were not stored",
            s -> s.droppedFrames().sum()),
        counter(streams, "lost_packets", "RTP packets that never came", s -> s.lostPackets().sum()),
        counter(
            streams,
            "clock_jumps",
            "Times a source's clock was set to another time",
            s -> s.clockJumps().sum()),
        gaps(streams),
        errors(streams),
        connections(streams),
        ackLatency(streams),
        plain("takeovers", "Connections ended by a newer one", metrics.takeovers().sum()),
        plain(
            "refused_connections",
            "Connections beyond the limit",
            metrics.refusedConnections().sum()));
  }

  private static CounterSnapshot counter(
      Map<String, IngestMetrics.Stream> streams,
      String name,
      String help,
      ToLongFunction<IngestMetrics.Stream> value) {
    CounterSnapshot.Builder all =
        CounterSnapshot.builder().name("millrace_ingest_" + name).help(help);
    streams.forEach(
        (stream, counts) ->
            all.dataPoint(point(Labels.of("stream", stream), value.applyAsLong(counts))));
    return all.build();
  }

  private static CounterSnapshot plain(String name, String help, long value) {
    return CounterSnapshot.builder()
        .name("millrace_ingest_" + name)
        .help(help)
        .dataPoint(point(Labels.EMPTY, value))
        .build();
  }

  private static CounterDataPointSnapshot point(Labels labels, long value) {
    return CounterDataPointSnapshot.builder().labels(labels).value((double) value).build();
  }

  private static CounterSnapshot errors(Map<String, IngestMetrics.Stream> streams) {
    CounterSnapshot.Builder all =
        CounterSnapshot.builder()
            .name("millrace_ingest_errors")
            .help("Sessions that ended with an ERROR ack, by its code");
    streams.forEach(
        (stream, counts) -> {
          for (IngestError error : IngestError.values()) {
            long count = counts.errors(error);
            if (count > 0) {
              all.dataPoint(point(Labels.of("stream", stream, "code", error.name()), count));
            }
          }
        });
    return all.build();
  }

  private static CounterSnapshot gaps(Map<String, IngestMetrics.Stream> streams) {
    CounterSnapshot.Builder all =
        CounterSnapshot.builder()
            .name("millrace_ingest_gaps")
            .help("Gaps written into the timeline, by reason");
    streams.forEach(
        (stream, counts) -> {
          for (GapReason reason : GapReason.values()) {
            long count = counts.gaps(reason).sum();
            if (count > 0) {
              all.dataPoint(point(Labels.of("stream", stream, "reason", reason.text()), count));
            }
          }
        });
    return all.build();
  }

  private static GaugeSnapshot connections(Map<String, IngestMetrics.Stream> streams) {
    GaugeSnapshot.Builder all =
        GaugeSnapshot.builder()
            .name("millrace_ingest_open_connections")
            .help("Connections that are sending now");
    streams.forEach(
        (stream, counts) ->
            all.dataPoint(
                GaugeSnapshot.GaugeDataPointSnapshot.builder()
                    .labels(Labels.of("stream", stream))
                    .value((double) counts.openConnections().sum())
                    .build()));
    return all.build();
  }

  private static HistogramSnapshot ackLatency(Map<String, IngestMetrics.Stream> streams) {
    HistogramSnapshot.Builder all =
        HistogramSnapshot.builder()
            .name("millrace_ingest_ack_seconds")
            .help("From the last byte of a fragment to its PERSISTED ack");
    List<Double> bounds = new ArrayList<>();
    LatencyHistogram.boundsMillis().forEach(millis -> bounds.add(millis / 1e3));
    bounds.add(Double.POSITIVE_INFINITY);
    streams.forEach(
        (stream, counts) -> {
          LatencyHistogram histogram = counts.ackLatency();
          all.dataPoint(
              HistogramDataPointSnapshot.builder()
                  .labels(Labels.of("stream", stream))
                  .classicHistogramBuckets(
                      ClassicHistogramBuckets.of(bounds, List.copyOf(histogram.counts())))
                  .sum(histogram.sumNanos() / 1e9)
                  .build());
        });
    return all.build();
  }
}
