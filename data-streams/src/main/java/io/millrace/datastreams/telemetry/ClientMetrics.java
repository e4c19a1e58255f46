package io.millrace.datastreams.telemetry;

import io.millrace.api.wire.OperationContext;
import io.millrace.api.wire.OperationRouter;
import io.vertx.core.Future;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.StatisticSet;

/**
 * PutMetricData of CloudWatch, as KPL, KCL and the Agent call it: the newest value and sums of each
 * series are kept in memory and shown among the server's own metrics. Thread-safe.
 */
public final class ClientMetrics {
  private static final int MAX_TEXT = 256;

  private final int maxSeries;
  private final int maxBodyBytes;
  private final ConcurrentMap<Series, SeriesValue> series = new ConcurrentHashMap<>();
  private final LongAdder dropped = new LongAdder();

  /**
   * @param maxSeries series that are kept; data of further ones is dropped and counted
   * @param maxBodyBytes largest call, inflated
   */
  public ClientMetrics(int maxSeries, int maxBodyBytes) {
    this.maxSeries = maxSeries;
    this.maxBodyBytes = maxBodyBytes;
  }

  /** Registers the call. */
  public void register(OperationRouter router) {
    var unused =
        router
            .service("cloudwatch")
            .maxBodyBytes(maxBodyBytes)
            .operation("PutMetricData", PutMetricDataRequest::builder, this::put);
  }

  private Future<SdkPojo> put(OperationContext context, PutMetricDataRequest request) {
    for (MetricDatum datum : request.metricData()) {
      add(request.namespace(), datum);
    }
    request
        .entityMetricData()
        .forEach(entity -> entity.metricData().forEach(d -> add(request.namespace(), d)));
    return Future.succeededFuture(PutMetricDataResponse.builder().build());
  }

  private void add(String namespace, MetricDatum datum) {
    Series name = new Series(cut(namespace), cut(datum.metricName()), dimensions(datum));
    if (!series.containsKey(name) && series.size() >= maxSeries) {
      dropped.increment();
      return;
    }
    double samples = 0;
    double sum = 0;
    if (datum.value() != null) {
      samples = 1;
      sum = datum.value();
    }
    StatisticSet set = datum.statisticValues();
    if (set != null) {
      samples += set.sampleCount();
      sum += set.sum();
    }
    for (int i = 0; i < datum.values().size(); i++) {
      double count = i < datum.counts().size() ? datum.counts().get(i) : 1;
      samples += count;
      sum += count * datum.values().get(i);
    }
    String unit = datum.unitAsString() == null ? "None" : cut(datum.unitAsString());
    SeriesValue more = new SeriesValue(0, 0, 0, unit).plus(samples, sum, unit);
    var unused =
        series.merge(name, more, (known, next) -> known.plus(next.samples(), next.sum(), unit));
  }

  private static String dimensions(MetricDatum datum) {
    return cut(
        datum.dimensions().stream()
            .collect(Collectors.toMap(Dimension::name, Dimension::value, (a, b) -> b, TreeMap::new))
            .entrySet()
            .stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(",")));
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
  }

  /** Everything that is kept; a live view. */
  public Map<Series, SeriesValue> series() {
    return Collections.unmodifiableMap(series);
  }

  /** Data dropped because there were too many series. */
  public long dropped() {
    return dropped.sum();
  }
}
