package io.millrace.server.metrics;

import io.millrace.store.StoreException;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.stream.StreamCatalog;
import io.millrace.store.stream.StreamInfo;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What each stream holds: fragments, bytes, disk use, oldest and newest time. */
final class StreamCollector implements MultiCollector {
  private static final long OLDEST_WAIT_MILLIS = 200;

  private final StreamCatalog catalog;
  private final int maxStreams;

  /** Streams beyond {@code maxStreams}, in name order, are left out. */
  StreamCollector(StreamCatalog catalog, int maxStreams) {
    this.catalog = catalog;
    this.maxStreams = maxStreams;
  }

  @Override
  public MetricSnapshots collect() {
    GaugeSnapshot.Builder fragments = gauge("fragments", "Durable fragments");
    GaugeSnapshot.Builder payload = gauge("payload_bytes", "Bytes of durable fragments");
    GaugeSnapshot.Builder disk = gauge("disk_bytes", "Bytes its files take on disk");
    GaugeSnapshot.Builder newest =
        gauge("newest_fragment_timestamp_seconds", "Server time of the newest fragment");
    GaugeSnapshot.Builder oldest =
        gauge("oldest_fragment_timestamp_seconds", "Server time of the oldest fragment kept");
    GaugeSnapshot.Builder newestProducer =
        gauge("newest_producer_timestamp_seconds", "Producer time of the newest fragment");
    for (StreamInfo stream : catalog.list("", null, maxStreams)) {
      Labels labels = Labels.of("stream", stream.name());
      try {
        FragmentLog log = catalog.fragments(stream.name());
        FragmentLog.Stats stats = log.stats();
        fragments.dataPoint(point(labels, (double) stats.fragments()));
        payload.dataPoint(point(labels, (double) stats.payloadBytes()));
        disk.dataPoint(point(labels, (double) stats.diskBytes()));
        List<FragmentEntry> last = log.newest(1);
        oldest(log)
            .ifPresent(entry -> oldest.dataPoint(point(labels, entry.serverTimeMillis() / 1e3)));
        if (!last.isEmpty()) {
          newest.dataPoint(point(labels, last.getFirst().serverTimeMillis() / 1e3));
          newestProducer.dataPoint(point(labels, last.getFirst().producerTimeNanos() / 1e9));
        }
      } catch (StoreException ignored) {
        // Deleted since the list was made, or stopped by corruption, which the store counts.
      }
    }
    return MetricSnapshots.of(
        fragments.build(),
        payload.build(),
        disk.build(),
        oldest.build(),
        newest.build(),
        newestProducer.build());
  }

  /**
   * The oldest entry may need the disk; a scrape waits for it on its worker thread, not for long.
   */
  private static Optional<FragmentEntry> oldest(FragmentLog log) {
    try {
      return log.oldest().toCompletableFuture().get(OLDEST_WAIT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    }
  }

  private static GaugeSnapshot.Builder gauge(String name, String help) {
    return GaugeSnapshot.builder().name("millrace_stream_" + name).help(help);
  }

  private static GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}
