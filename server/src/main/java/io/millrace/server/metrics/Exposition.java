package io.millrace.server.metrics;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.api.ApiMetrics;
import io.millrace.api.wire.OperationRouter;
import io.millrace.datastreams.DataStreams;
import io.millrace.datastreams.telemetry.ClientMetrics;
import io.millrace.ingest.metrics.IngestMetrics;
import io.millrace.ingest.source.Sources;
import io.millrace.playback.PlaybackMetrics;
import io.millrace.store.stream.StreamCatalog;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.util.Set;

/** {@code /metrics} in Prometheus text. Collected at the time of the scrape, on a worker thread. */
public final class Exposition implements AutoCloseable {
  private final Vertx vertx;
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  public Exposition(Vertx vertx) {
    this.vertx = vertx;
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    gc.bindTo(registry);
  }

  /** Adds what is known of the cameras that the server pulls. */
  public void sources(Sources sources) {
    add(new SourceCollector(sources));
  }

  /**
   * Exposes the counter fields of a room.
   *
   * @param gauges names of fields that may fall
   */
  public void room(String name, Object metrics, Set<String> gauges) {
    add(new RoomCounters(name, metrics, gauges));
  }

  /** Exposes what each stream holds, for the first {@code maxStreams} streams. */
  public void streams(StreamCatalog catalog, int maxStreams) {
    add(new StreamCollector(catalog, maxStreams));
  }

  /** Exposes requests by operation. */
  public void requests(ApiMetrics metrics) {
    add(new ApiCollector(metrics));
  }

  /** Exposes what producers send. */
  public void producers(IngestMetrics metrics) {
    add(new IngestCollector(metrics));
  }

  /** Exposes what data streams take and give, for the first {@code maxStreams} streams. */
  public void dataStreams(DataStreams dataStreams, int maxStreams) {
    add(new DataStreamCollector(dataStreams, maxStreams));
  }

  /** Exposes what clients measured themselves. */
  public void clients(ClientMetrics metrics) {
    add(new ClientMetricCollector(metrics));
  }

  /** Exposes what viewers get. */
  public void playback(PlaybackMetrics metrics) {
    room("getmedia", metrics.getMedia(), Set.of("open"));
    room("hls", metrics.hls(), Set.of());
    room("decoders", metrics.decoders(), Set.of());
  }

  private void add(MultiCollector collector) {
    registry.getPrometheusRegistry().register(collector);
  }

  /** Registers the route. */
  public void register(OperationRouter router) {
    router.route(
        HttpMethod.GET,
        "/metrics",
        context ->
            vertx
                .executeBlocking(registry::scrape)
                .compose(
                    text -> {
                      context
                          .response()
                          .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8");
                      return context.response().end(text);
                    }));
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }
}
