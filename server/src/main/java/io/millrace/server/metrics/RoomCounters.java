package io.millrace.server.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * The {@link LongAdder} fields of a room's metrics class as Prometheus metrics: field {@code
 * payloadBytesAppended} of room {@code store} is {@code
 * millrace_store_payload_bytes_appended_total}. The class stays free of any metrics library, and a
 * new field is exposed without another line.
 */
final class RoomCounters implements MultiCollector {
  private record Named(String name, boolean gauge, LongAdder adder) {}

  private final List<Named> counters = new ArrayList<>();

  /**
   * @param room short name of the room
   * @param metrics object with public final LongAdder fields
   * @param gauges fields that may fall
   */
  RoomCounters(String room, Object metrics, Set<String> gauges) {
    for (Field field : metrics.getClass().getFields()) {
      if (field.getType() == LongAdder.class) {
        try {
          counters.add(
              new Named(
                  "millrace_" + room + "_" + snakeCase(field.getName()),
                  gauges.contains(field.getName()),
                  (LongAdder) field.get(metrics)));
        } catch (IllegalAccessException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    if (counters.isEmpty()) {
      throw new IllegalArgumentException("no counters in " + metrics.getClass());
    }
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  @Override
  public MetricSnapshots collect() {
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    for (Named counter : counters) {
      all.metricSnapshot(snapshot(counter));
    }
    return all.build();
  }

  private static MetricSnapshot snapshot(Named counter) {
    if (counter.gauge) {
      return GaugeSnapshot.builder()
          .name(counter.name)
          .dataPoint(
              GaugeSnapshot.GaugeDataPointSnapshot.builder()
                  .value((double) counter.adder.sum())
                  .build())
          .build();
    }
    return CounterSnapshot.builder()
        .name(counter.name)
        .dataPoint(
            CounterSnapshot.CounterDataPointSnapshot.builder()
                .value((double) counter.adder.sum())
                .build())
        .build();
  }
}
