package io.millrace.ingest.upload;

import io.millrace.api.error.AwsError;
import io.millrace.ingest.fragmenter.Fragment;
import io.millrace.ingest.fragmenter.FragmentArchiver;
import io.millrace.ingest.fragmenter.FragmentListener;
import io.millrace.ingest.fragmenter.IngestError;
import io.millrace.ingest.fragmenter.NumberedFragment;
import io.millrace.ingest.metrics.IngestMetrics;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.FragmentNumber;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/** Brings the fragments of one upload into the store. Lives on the event loop of its request. */
final class FragmentIntake implements FragmentListener, FragmentArchiver.Events {
  private final FragmentLog log;
  private final UploadSettings settings;
  private final UploadSummary summary;
  private final IngestMetrics.Stream metrics;
  private final FragmentArchiver archiver;
  private @Nullable FragmentNumber number;
  private @Nullable Throwable failure;
  private @Nullable Promise<Void> waitingForRoom;
  private @Nullable Promise<Void> waitingForAll;

  FragmentIntake(
      Context context,
      FragmentLog log,
      UploadSettings settings,
      UploadSummary summary,
      IngestMetrics.Stream metrics) {
    this.log = log;
    this.settings = settings;
    this.summary = summary;
    this.metrics = metrics;
    archiver =
        new FragmentArchiver(context, log, settings.busyRetry(), settings.busyTimeout(), this);
  }

  @Override
  public void fragmentBegan(long timecode, long timecodeNanos) {
    number = log.nextNumber();
  }

  @Override
  public void fragmentCompleted(Fragment fragment) {
    FragmentNumber taken = number == null ? log.nextNumber() : number;
    number = null;
    NumberedFragment numbered =
        new NumberedFragment(fragment.timecode(), fragment.timecodeNanos(), taken);
    summary.fragment(numbered, fragment);
    archiver.take(numbered, fragment);
  }

  @Override
  public void persisted(NumberedFragment fragment, int frames, long waitedNanos) {
    metrics.fragments().increment();
    metrics.frames().add(frames);
    metrics.ackLatency().record(waitedNanos);
    tell();
  }

  @Override
  public void failed(NumberedFragment fragment, IngestError error, Throwable cause) {
    metrics.failed(error);
    if (failure == null) {
      failure =
          switch (error) {
            case STREAM_DELETED, STREAM_NOT_ACTIVE ->
                AwsError.RESOURCE_NOT_FOUND.because("The stream was deleted meanwhile");
            default ->
                AwsError.SERVICE_UNAVAILABLE.because(
                    "The store could not take a fragment: " + error, cause);
          };
    }
    tell();
  }

  private void tell() {
    Promise<Void> room = waitingForRoom;
    if (room != null && (hasRoom() || failure != null)) {
      waitingForRoom = null;
      settle(room);
    }
    Promise<Void> all = waitingForAll;
    if (all != null && (archiver.isEmpty() || failure != null)) {
      waitingForAll = null;
      settle(all);
    }
  }

  private void settle(Promise<Void> promise) {
    if (failure == null) {
      promise.complete();
    } else {
      promise.fail(failure);
    }
  }

  private boolean hasRoom() {
    return archiver.unpersistedBytes() <= settings.maxUnpersistedBytes() && !archiver.isHeldUp();
  }

  /** Completes when another fragment may be brought; fails when one could not be stored. */
  Future<Void> room() {
    Promise<Void> promise = Promise.promise();
    if (hasRoom() || failure != null) {
      settle(promise);
    } else {
      waitingForRoom = promise;
    }
    return promise.future();
  }

  /** Completes when every fragment is durable; fails when one could not be stored. */
  Future<Void> settled() {
    Promise<Void> promise = Promise.promise();
    if (archiver.isEmpty() || failure != null) {
      settle(promise);
    } else {
      waitingForAll = promise;
    }
    return promise.future();
  }
}
