package io.millrace.ingest.fragmenter;

import io.millrace.store.StoreException;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.NewFragment;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Brings the complete fragments of one session into the store, in order, and asks again while the
 * store is busy. Lives on the session's event loop.
 */
public final class FragmentArchiver {
  /** What became of fragments. */
  public interface Events {
    /**
     * A fragment is on stable storage.
     *
     * @param waitedNanos since it was complete
     */
    void persisted(NumberedFragment fragment, int frames, long waitedNanos);

    /** A fragment could not be stored. */
    void failed(NumberedFragment fragment, IngestError error, Throwable cause);
  }

  private record Waiting(NumberedFragment open, NewFragment stored, int frames, long sinceNanos) {
    int bytes() {
      return stored.payload().remaining();
    }
  }

  private final Context context;
  private final FragmentLog log;
  private final Duration busyRetry;
  private final Duration busyTimeout;
  private final Events events;
  private final Queue<Waiting> heldUp = new ArrayDeque<>();
  private int inStore;
  private long unpersistedBytes;
  private boolean retrying;

  /**
   * @param context event loop that every method is called on and every event comes on
   * @param busyRetry pause before a store that was busy and got ready is asked again
   * @param busyTimeout how long the store may be busy before a fragment fails
   */
  public FragmentArchiver(
      Context context, FragmentLog log, Duration busyRetry, Duration busyTimeout, Events events) {
    this.context = context;
    this.log = log;
    this.busyRetry = busyRetry;
    this.busyTimeout = busyTimeout;
    this.events = events;
  }

  /** Takes a complete fragment. */
  public void take(NumberedFragment open, Fragment fragment) {
    NewFragment stored =
        new NewFragment(
            open.number(),
            open.producerTimeNanos(),
            fragment.durationNanos(),
            fragment.formatId(),
            fragment.traits().flags(),
            fragment.payload());
    Waiting waiting = new Waiting(open, stored, fragment.frames(), System.nanoTime());
    unpersistedBytes += waiting.bytes();
    if (retrying) {
      heldUp.add(waiting);
    } else {
      append(waiting);
    }
  }

  private void append(Waiting waiting) {
    inStore++;
    int bytes = waiting.bytes();
    Future.fromCompletionStage(log.append(waiting.stored()), context)
        .onComplete(
            done -> {
              inStore--;
              if (done.failed() && isBusy(done.cause()) && !isOverdue(waiting)) {
                holdUp(waiting);
                return;
              }
              unpersistedBytes -= bytes;
              if (done.succeeded()) {
                long waited = System.nanoTime() - waiting.sinceNanos();
                events.persisted(waiting.open(), waiting.frames(), waited);
              } else {
                events.failed(waiting.open(), errorOf(done.cause()), done.cause());
              }
            });
  }

  private static boolean isBusy(Throwable cause) {
    return cause instanceof StoreException e && e.kind() == StoreException.Kind.BUSY;
  }

  private boolean isOverdue(Waiting waiting) {
    return System.nanoTime() - waiting.sinceNanos() > busyTimeout.toNanos();
  }

  private void holdUp(Waiting waiting) {
    heldUp.add(waiting);
    if (retrying) {
      return;
    }
    retrying = true;
    Vertx vertx = context.owner();
    Promise<Void> again = Promise.promise();
    // A store that never gets ready must not hold a producer for ever.
    long limit = vertx.setTimer(busyTimeout.toMillis(), id -> again.tryComplete());
    Future.fromCompletionStage(log.ready(), context)
        .onComplete(ready -> vertx.setTimer(busyRetry.toMillis(), id -> again.tryComplete()));
    again
        .future()
        .onComplete(
            done -> {
              vertx.cancelTimer(limit);
              retry();
            });
  }

  private void retry() {
    retrying = false;
    for (int i = heldUp.size(); i > 0; i--) {
      append(heldUp.remove());
    }
  }

  /** Bytes of complete fragments that are not durable yet. */
  public long unpersistedBytes() {
    return unpersistedBytes;
  }

  /** Whether the store was too busy to take a fragment. */
  public boolean isHeldUp() {
    return retrying;
  }

  /** Whether nothing is on its way to the store. */
  public boolean isEmpty() {
    return inStore == 0 && heldUp.isEmpty();
  }

  /** What a producer is told about a failure of the store. */
  public static IngestError errorOf(Throwable cause) {
    if (!(cause instanceof StoreException e)) {
      return IngestError.INTERNAL_ERROR;
    }
    return switch (e.kind()) {
      case SEALED -> IngestError.STREAM_NOT_ACTIVE;
      case NOT_FOUND, GONE -> IngestError.STREAM_DELETED;
      case TOO_LARGE -> IngestError.MAX_FRAGMENT_SIZE_REACHED;
      case NO_SPACE, IO, FENCED, BUSY, CLOSED -> IngestError.ARCHIVAL_ERROR;
      case EXISTS, VERSION_MISMATCH -> IngestError.INTERNAL_ERROR;
    };
  }
}
