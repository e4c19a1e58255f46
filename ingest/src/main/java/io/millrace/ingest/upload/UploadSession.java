package io.millrace.ingest.upload;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.logging.LogLine;
import io.millrace.api.wire.OperationContext;
import io.millrace.ingest.fragmenter.Fragment;
import io.millrace.ingest.fragmenter.FragmentRefused;
import io.millrace.ingest.metrics.IngestMetrics;
import io.millrace.ingest.upload.Mp4Intake.UploadPlace;
import io.millrace.media.mp4.Mp4Reader;
import io.millrace.media.track.MediaException;
import io.millrace.store.StoreException;
import io.millrace.store.fragment.FragmentLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One upload, from the first byte of its body to its summary. Lives on one event loop. */
final class UploadSession {
  private static final Logger LOG = LoggerFactory.getLogger(UploadSession.class);
  private static final int RECOGNISED_BYTES = 8;
  private static final int EBML_ID = 0x1A45DFA3;

  private final OperationContext context;
  private final UploadRequest upload;
  private final UploadSettings settings;
  private final UploadSummary summary;
  private final IngestMetrics.Stream metrics;
  private final FragmentIntake intake;
  private final long arrivalNanos;
  private final Promise<Void> received = Promise.promise();
  private Buffer start = Buffer.buffer();
  private @Nullable MkvIntake mkv;
  private @Nullable Spool spool;

  UploadSession(
      OperationContext context,
      UploadRequest upload,
      UploadSettings settings,
      UploadSummary summary,
      FragmentLog log,
      IngestMetrics.Stream metrics,
      long arrivalNanos) {
    this.context = context;
    this.upload = upload;
    this.settings = settings;
    this.summary = summary;
    this.metrics = metrics;
    this.arrivalNanos = arrivalNanos;
    intake = new FragmentIntake(context.vertxContext(), log, settings, summary, metrics);
  }

  /** Takes the body and answers; completes when the answer has ended. */
  Future<Void> run() {
    metrics.openConnections().increment();
    context.request().handler(this::onBytes);
    context.request().exceptionHandler(received::tryFail);
    context.request().endHandler(end -> onEnd());
    context.receiveBody();
    return received
        .future()
        .compose(done -> readSpool())
        .compose(done -> intake.settled())
        .recover(
            failure ->
                intake.settled().transform(settled -> Future.<Void>failedFuture(told(failure))))
        .eventually(this::release)
        .compose(done -> answer());
  }

  private void onBytes(Buffer piece) {
    if (received.future().isComplete()) {
      return;
    }
    metrics.bytes().add(piece.length());
    if (mkv == null && spool == null) {
      recognise(piece);
    } else {
      take(piece);
    }
  }

  private void recognise(Buffer piece) {
    start.appendBuffer(piece);
    if (start.length() < RECOGNISED_BYTES) {
      return;
    }
    Buffer first = start;
    start = Buffer.buffer();
    if (first.getInt(0) == EBML_ID) {
      mkv =
          new MkvIntake(
              new FrameIntake(settings.gop(), upload.startNanos(), arrivalNanos, summary, intake));
      take(first);
    } else if (Mp4Reader.looksLikeMp4(ByteBuffer.wrap(first.getBytes(0, RECOGNISED_BYTES)))) {
      hold(
          Spool.create(vertx(), settings)
              .compose(
                  made -> {
                    spool = made;
                    // A client that went away meanwhile leaves nothing behind.
                    return received.future().isComplete() ? made.delete() : made.write(first);
                  }));
    } else {
      received.tryFail(unknownFormat());
    }
  }

  private static AwsException unknownFormat() {
    return AwsError.MALFORMED_MEDIA.because(
        "The body is neither Matroska nor MP4; ffmpeg -i INPUT -c copy -f matroska - writes one");
  }

  private void take(Buffer piece) {
    if (spool != null) {
      hold(spool.write(piece));
    } else if (mkv != null) {
      try {
        mkv.feed(piece);
        Future<Void> room = intake.room();
        if (!room.succeeded()) {
          hold(room);
        }
      } catch (RuntimeException e) {
        received.tryFail(e);
      }
    }
  }

  /** Takes no more bytes until a step is done. */
  private void hold(Future<Void> step) {
    context.request().pause();
    step.onComplete(
        done -> {
          if (done.failed()) {
            received.tryFail(done.cause());
          }
          context.request().resume();
        });
  }

  private void onEnd() {
    if (received.future().isComplete()) {
      return;
    }
    if (mkv != null) {
      try {
        mkv.end();
      } catch (RuntimeException e) {
        received.tryFail(e);
      }
    } else if (spool == null) {
      received.tryFail(unknownFormat());
    }
    received.tryComplete();
  }

  private Future<Void> readSpool() {
    Spool complete = spool;
    if (complete == null) {
      return Future.succeededFuture();
    }
    UploadPlace place = new UploadPlace(settings, upload.startNanos(), arrivalNanos, summary);
    return complete
        .close()
        .compose(closed -> blocking(() -> Mp4Intake.open(complete.path(), place)))
        .compose(
            mp4 ->
                pump(mp4)
                    .eventually(
                        () ->
                            blocking(
                                () -> {
                                  mp4.close();
                                  return true;
                                })));
  }

  private Future<Void> pump(Mp4Intake mp4) {
    return blocking(mp4::next)
        .compose(
            batch -> {
              if (batch.isEmpty()) {
                return Future.succeededFuture();
              }
              for (Fragment fragment : batch) {
                intake.fragmentCompleted(fragment);
              }
              return intake.room().compose(room -> pump(mp4));
            });
  }

  private <T> Future<T> blocking(Callable<T> step) {
    return vertx().executeBlocking(step, false);
  }

  private Vertx vertx() {
    return context.vertxContext().owner();
  }

  /** What the client is told: what was wrong and how much of its media is there all the same. */
  private Throwable told(Throwable failure) {
    AwsException known =
        switch (failure) {
          case AwsException aws -> aws;
          case MediaException media ->
              AwsError.MALFORMED_MEDIA.because(String.valueOf(media.getMessage()));
          case StoreException store ->
              AwsError.SERVICE_UNAVAILABLE.because("The store cannot take media now", store);
          case FragmentRefused refused -> AwsError.MALFORMED_MEDIA.because(refused.what());
          default -> null;
        };
    return known == null || summary.fragments() == 0
        ? known == null ? failure : known
        : known
            .error()
            .because(
                "%s; %d fragments before it are kept"
                    .formatted(known.clientMessage(), summary.fragments()),
                known);
  }

  private Future<Void> release() {
    metrics.openConnections().decrement();
    return spool == null ? Future.succeededFuture() : spool.delete();
  }

  private Future<Void> answer() {
    LOG.info(
        "{}",
        LogLine.of("upload_done")
            .with("request_id", context.requestId())
            .with("stream", upload.streamName())
            .with("fragments", summary.fragments()));
    context.response().putHeader("content-type", "application/json");
    return context.response().end(summary.toJson());
  }
}
