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
import org.jspecify.annotations.Nullable;

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

  /** A fragment on its way, until it is told of; its outcome is known before its turn may come. */
  private static final class Waiting {
    private final NumberedFragment open;
    private final NewFragment stored;
    private final int frames;
    private final long sinceNanos = System.nanoTime();
    private @Nullable Runnable tell;

    Waiting(NumberedFragment open, NewFragment stored, int frames) {
      this.open = open;
      this.stored = stored;
      this.frames = frames;
    }

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

  /** Everything that was taken and not told of, in the order taken. */
  private final Queue<Waiting> untold = new ArrayDeque<>();

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
    Waiting waiting = new Waiting(open, stored, fragment.frames());
    untold.add(waiting);
    unpersistedBytes += waiting.bytes();
    if (retrying) {
      heldUp.add(waiting);
    } else {
      append(waiting);
    }
  }

  private void append(Waiting waiting) {
    int bytes = waiting.bytes();
    Future.fromCompletionStage(log.append(waiting.stored), context)
        .onComplete(
            done -> {
              if (done.failed() && isBusy(done.cause()) && !isOverdue(waiting)) {
                holdUp(waiting);
                return;
              }
              unpersistedBytes -= bytes;
              waiting.tell =
                  done.succeeded()
                      ? () ->
                          events.persisted(
                              waiting.open, waiting.frames, System.nanoTime() - waiting.sinceNanos)
                      : () -> events.failed(waiting.open, errorOf(done.cause()), done.cause());
              tellInOrder();
            });
  }

  /**
   * Tells of what is settled up to the first that is not: an outcome that is known at once would
   * overtake those that are still on their way to this event loop.
   */
  private void tellInOrder() {
    for (Waiting first = untold.peek(); first != null; first = untold.peek()) {
      Runnable tell = first.tell;
      if (tell == null) {
        return;
      }
      untold.remove();
      tell.run();
    }
  }

  private static boolean isBusy(Throwable cause) {
    return cause instanceof StoreException e && e.kind() == StoreException.Kind.BUSY;
  }

  private boolean isOverdue(Waiting waiting) {
    return System.nanoTime() - waiting.sinceNanos > busyTimeout.toNanos();
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
    return untold.isEmpty();
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
