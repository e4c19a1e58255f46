package io.millrace.ingest.putmedia;

import io.millrace.api.arn.StreamArn;
import io.millrace.api.error.AwsError;
import io.millrace.api.wire.OperationContext;
import io.millrace.ingest.control.StreamOnDemand;
import io.millrace.ingest.metrics.IngestMetrics;
import io.millrace.ingest.producer.MemoryBudget;
import io.millrace.ingest.producer.Producers;
import io.millrace.store.StoreException;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.stream.StreamCatalog;
import io.millrace.store.stream.StreamInfo;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Serves PutMedia: checks the head of a request and starts its session. */
public final class PutMedia {

  private final StreamCatalog catalog;
  private final PutMediaSettings settings;
  private final IngestMetrics metrics;
  private final Producers producers;
  private final MemoryBudget budget;
  private final InstantSource serverClock;

  /**
   * @param producers all connections of the server, of this protocol and others
   * @param budget memory of all producers
   * @param serverClock server time
   */
  public PutMedia(
      StreamCatalog catalog,
      PutMediaSettings settings,
      IngestMetrics metrics,
      Producers producers,
      MemoryBudget budget,
      InstantSource serverClock) {
    this.serverClock = serverClock;
    this.catalog = catalog;
    this.settings = settings;
    this.metrics = metrics;
    this.producers = producers;
    this.budget = budget;
  }

  /** Handles one request; completes when its answer has ended. */
  public Future<Void> handle(OperationContext context) {
    StreamInfo stream = stream(context);
    ProducerClock clock =
        ProducerClock.of(
            header(context, "x-amzn-fragment-timecode-type"),
            header(context, "x-amzn-producer-start-timestamp"));
    if (stream.status() == StreamInfo.Status.DELETING) {
      throw AwsError.RESOURCE_NOT_FOUND.because("The stream " + stream.name() + " is deleted");
    }
    PutMediaSession session =
        new PutMediaSession(
            context,
            stream.name(),
            settings,
            clock,
            log(stream.name()),
            metrics,
            producers,
            budget,
            serverClock);
    producers.add(stream.name(), session);
    return session.run().onComplete(ended -> producers.remove(stream.name(), session));
  }

  private FragmentLog log(String streamName) {
    try {
      return catalog.fragments(streamName);
    } catch (StoreException e) {
      throw AwsError.SERVICE_UNAVAILABLE.because(
          "The data of stream " + streamName + " cannot be written now", e);
    }
  }

  private StreamInfo stream(OperationContext context) {
    String name = header(context, "x-amzn-stream-name");
    String arn = header(context, "x-amzn-stream-arn");
    if ((name == null) == (arn == null)) {
      throw AwsError.INVALID_ARGUMENT.because(
          "Exactly one of the headers x-amzn-stream-name and x-amzn-stream-arn is required");
    }
    Optional<StreamInfo> found;
    if (arn != null) {
      StreamArn parsed = StreamArn.parse(arn);
      found =
          catalog
              .find(parsed.name())
              .filter(stream -> stream.createdMillis() == parsed.createdMillis());
    } else if (name != null && StreamOnDemand.isName(name)) {
      found = catalog.find(name);
    } else {
      throw AwsError.INVALID_ARGUMENT.because(
          "Header x-amzn-stream-name must match [a-zA-Z0-9_.-]{1,256}");
    }
    return found.orElseThrow(
        () ->
            AwsError.RESOURCE_NOT_FOUND.because(
                "The requested stream is not found or not active."));
  }

  private static @Nullable String header(OperationContext context, String name) {
    if (context.request().headers().getAll(name).size() > 1) {
      throw AwsError.INVALID_ARGUMENT.because("Header " + name + " is given twice");
    }
    return context.request().getHeader(name);
  }
}
