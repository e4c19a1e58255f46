package io.millrace.ingest.edge;

import io.millrace.api.wire.OperationRouter;
import io.millrace.ingest.control.StreamNames;
import io.millrace.ingest.source.Sources;
import io.millrace.store.stream.StreamCatalog;
import io.millrace.store.table.Table;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/** The door of edge configurations: what the server wires and nothing else. */
public final class EdgeAgent {
  private static final long LOOK_MILLIS = 1000;

  private final Vertx vertx;
  private final EdgeControl control;
  private final EdgeRecorder recorder;

  /**
   * @param table where configurations are kept
   * @param sources that hold addresses and passwords of cameras, and pull them
   */
  public EdgeAgent(
      Vertx vertx,
      Table table,
      Sources sources,
      StreamCatalog catalog,
      EdgeSettings settings,
      InstantSource clock) {
    this.vertx = vertx;
    EdgeConfigurations configurations =
        new EdgeConfigurations(table, settings.maxConfigurations(), clock);
    recorder = new EdgeRecorder(configurations, sources, catalog, settings, clock);
    control =
        new EdgeControl(
            configurations, recorder, new StreamNames(catalog, settings.control()), catalog, clock);
    sources.onChange(name -> recorder.lookAtAll());
  }

  /** Registers every operation. */
  public void register(OperationRouter router) {
    control.register(router);
  }

  /** Begins to record what is configured; ends with the sources. */
  public void start() {
    recorder.lookAtAll();
    vertx.setPeriodic(LOOK_MILLIS, timer -> recorder.lookAtScheduled());
  }

  /** To be told of each stream that was deleted. */
  public void deleted(String stream) {
    recorder.look(stream);
  }
}
