package io.millrace.ingest.feed;

import io.millrace.api.error.AwsError;
import io.millrace.ingest.control.StreamOnDemand;
import io.millrace.ingest.metrics.IngestMetrics;
import io.millrace.ingest.producer.MemoryBudget;
import io.millrace.ingest.producer.Producers;
import io.millrace.store.StoreException;
import io.millrace.store.stream.StreamCatalog;
import io.millrace.store.stream.StreamInfo;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.InstantSource;

/** Opens feeds into the streams of a catalogue. */
public final class StreamFeeds implements Feeds {
  private final StreamCatalog catalog;
  private final StreamOnDemand streams;
  private final FeedSettings settings;
  private final IngestMetrics metrics;
  private final Producers producers;
  private final MemoryBudget budget;
  private final InstantSource clock;

  /**
   * @param producers all connections of the server, of this kind and others
   * @param budget memory of all producers
   * @param clock server time
   */
  public StreamFeeds(
      StreamCatalog catalog,
      FeedSettings settings,
      IngestMetrics metrics,
      Producers producers,
      MemoryBudget budget,
      InstantSource clock) {
    this.catalog = catalog;
    this.streams = new StreamOnDemand(catalog);
    this.settings = settings;
    this.metrics = metrics;
    this.producers = producers;
    this.budget = budget;
    this.clock = clock;
  }

  @Override
  public Future<Feed> open(
      Context context, String stream, FeedOrigin origin, String peer, FeedListener listener) {
    if (!StreamOnDemand.isName(stream)) {
      return Future.failedFuture(
          AwsError.INVALID_ARGUMENT.because("A stream name must match [a-zA-Z0-9_.-]{1,256}"));
    }
    boolean known =
        catalog
            .find(stream)
            .filter(found -> found.status() != StreamInfo.Status.DELETING)
            .isPresent();
    if (!known && !settings.createStreams()) {
      return Future.failedFuture(
          AwsError.RESOURCE_NOT_FOUND.because("There is no stream " + stream));
    }
    return streams
        .make(context, stream, settings.retentionHours())
        .map(made -> begin(context, stream, origin, peer, listener));
  }

  private Feed begin(
      Context context, String stream, FeedOrigin origin, String peer, FeedListener listener) {
    StreamFeed feed;
    try {
      feed =
          new StreamFeed(
              context,
              stream,
              origin,
              peer,
              listener,
              settings,
              catalog.fragments(stream),
              metrics,
              producers,
              budget,
              clock);
    } catch (StoreException e) {
      throw AwsError.SERVICE_UNAVAILABLE.because(
          "The data of stream " + stream + " cannot be written now", e);
    }
    try {
      producers.add(stream, feed);
    } catch (RuntimeException refused) {
      feed.end(Feed.End.SERVER_ENDED);
      throw refused;
    }
    feed.settled().onComplete(done -> producers.remove(stream, feed));
    return feed;
  }
}
