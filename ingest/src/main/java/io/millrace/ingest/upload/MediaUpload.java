package io.millrace.ingest.upload;

import io.millrace.api.error.AwsError;
import io.millrace.api.wire.OperationContext;
import io.millrace.api.wire.OperationRouter;
import io.millrace.ingest.control.StreamOnDemand;
import io.millrace.ingest.metrics.IngestMetrics;
import io.millrace.store.stream.StreamCatalog;
import io.millrace.store.stream.StreamInfo;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes whole files and live bodies from any HTTP client: {@code curl -T clip.mp4
 * 'http://…/v1/streams/cam/media?start=2026-11-21T08:00:00Z&create=true'}. Matroska is read as it
 * arrives, MP4 from a temporary file; both become fragments that begin at keyframes, at the times
 * of the file, as fast as the disk takes them. Answers a JSON summary.
 */
public final class MediaUpload {
  private static final String PATTERN = "/v1/streams/{name}/media";

  private final StreamCatalog catalog;
  private final StreamOnDemand streams;
  private final UploadSettings settings;
  private final IngestMetrics metrics;
  private final InstantSource clock;
  private final AtomicInteger uploads = new AtomicInteger();

  /** Deletes spooled files that a crash left behind; waits for the disk. */
  public MediaUpload(
      StreamCatalog catalog, UploadSettings settings, IngestMetrics metrics, InstantSource clock) {
    this.catalog = catalog;
    streams = new StreamOnDemand(catalog);
    this.settings = settings;
    this.metrics = metrics;
    this.clock = clock;
    Spool.clear(settings.spoolDirectory());
  }

  /** Registers the routes. */
  public void register(OperationRouter router) {
    router.route(HttpMethod.PUT, PATTERN, this::handle);
    router.route(HttpMethod.POST, PATTERN, this::handle);
  }

  private Future<Void> handle(OperationContext context) {
    UploadRequest upload = UploadRequest.of(context);
    if (uploads.incrementAndGet() > settings.maxUploads()) {
      uploads.decrementAndGet();
      return Future.failedFuture(
          AwsError.CLIENT_LIMIT_EXCEEDED.because(
              "The server has its most uploads at one time: " + settings.maxUploads()));
    }
    return open(context, upload)
        .eventually(() -> Future.succeededFuture(uploads.decrementAndGet()));
  }

  private Future<Void> open(OperationContext context, UploadRequest upload) {
    Optional<StreamInfo> known = catalog.find(upload.streamName());
    if (known.isPresent()) {
      return run(context, upload, false);
    }
    if (!upload.create()) {
      return Future.failedFuture(
          AwsError.RESOURCE_NOT_FOUND.because(
              "There is no stream %s; add create=true to make it".formatted(upload.streamName())));
    }
    return streams
        .make(
            context.vertxContext(),
            upload.streamName(),
            upload.retentionHours().orElse(settings.retentionHours()))
        .compose(created -> run(context, upload, created));
  }

  private Future<Void> run(OperationContext context, UploadRequest upload, boolean created) {
    Instant now = clock.instant();
    UploadSummary summary = new UploadSummary(upload.streamName(), created, settings);
    return new UploadSession(
            context,
            upload,
            settings,
            summary,
            catalog.fragments(upload.streamName()),
            metrics.stream(upload.streamName()),
            now.getEpochSecond() * 1_000_000_000L + now.getNano())
        .run();
  }
}
