package io.millrace.ingest;

import io.millrace.api.wire.OperationRouter;
import io.millrace.ingest.control.StreamControl;
import io.millrace.ingest.feed.Feeds;
import io.millrace.ingest.feed.StreamFeeds;
import io.millrace.ingest.metrics.IngestMetrics;
import io.millrace.ingest.producer.MemoryBudget;
import io.millrace.ingest.producer.Producers;
import io.millrace.ingest.putmedia.PutMedia;
import io.millrace.ingest.upload.MediaUpload;
import io.millrace.store.stream.StreamCatalog;
import io.millrace.store.table.Table;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The door of this room: what the server wires and nothing else. */
public final class Ingest {
  private final List<Consumer<String>> onDeleted = new CopyOnWriteArrayList<>();
  private final StreamCatalog catalog;
  private final InstantSource clock;
  private final StreamControl control;
  private final Producers producers;
  private final MemoryBudget budget;
  private final StreamFeeds feeds;
  private final PutMedia putMedia;
  private final MediaUpload upload;

  /**
   * @param sending remembers which streams are sent to, over a crash
   * @param clock server time
   */
  public Ingest(
      StreamCatalog catalog,
      Table sending,
      IngestSettings settings,
      IngestMetrics metrics,
      InstantSource clock) {
    this.catalog = catalog;
    this.clock = clock;
    control = new StreamControl(catalog, settings.control(), this::deleted);
    onDeleted.add(metrics::forget);
    producers = new Producers(settings.putMedia().maxConnections(), metrics, sending);
    budget = new MemoryBudget(settings.putMedia().maxBufferedBytes());
    putMedia = new PutMedia(catalog, settings.putMedia(), metrics, producers, budget, clock);
    feeds = new StreamFeeds(catalog, settings.feed(), metrics, producers, budget, clock);
    upload = new MediaUpload(catalog, settings.upload(), metrics, clock);
  }

  /** Registers every operation and route of this room. */
  public void register(OperationRouter router) {
    control.register(router);
    router.service("kinesis-video-media").body("PutMedia", putMedia::handle);
    upload.register(router);
  }

  /**
   * Writes down where the server ended without notice while a producer was sending. Call it before
   * requests come.
   */
  public Future<Void> explainCrash() {
    return producers.explainCrash(catalog, clock);
  }

  /** Tells the name of each stream that is deleted from now on. */
  public void onStreamDeleted(Consumer<String> listener) {
    onDeleted.add(listener);
  }

  private void deleted(String stream) {
    onDeleted.forEach(listener -> listener.accept(stream));
  }

  /** Where sources of other protocols bring their frames. */
  public Feeds feeds() {
    return feeds;
  }

  /** Producers connected now. */
  public int connections() {
    return producers.count();
  }

  /** Bytes of open and unpersisted fragments of all producers. */
  public long bufferedBytes() {
    return budget.usedBytes();
  }

  /** Ends every producer after what it sent is settled and takes no new one. */
  public Future<Void> drain() {
    return producers.drain();
  }
}
