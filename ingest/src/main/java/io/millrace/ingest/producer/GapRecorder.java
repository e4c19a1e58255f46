package io.millrace.ingest.producer;

import io.millrace.ingest.metrics.IngestMetrics;
import io.millrace.media.track.GapReason;
import io.millrace.store.fragment.EventLog;
import io.millrace.store.fragment.StreamEvent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Writes down why parts of a stream are missing, in order, and again while the store is in trouble.
 * Lives on one event loop.
 */
public final class GapRecorder {
  private static final long RETRY_MILLIS = 1000;

  private final Context context;
  private final EventLog log;
  private final InstantSource clock;
  private final int maxPending;
  private final IngestMetrics.Stream metrics;
  private final Deque<StreamEvent> pending = new ArrayDeque<>();
  private boolean writing;
  private boolean ended;
  private @Nullable Promise<Void> idle;

  /**
   * @param context event loop that every method is called on
   * @param clock server time
   * @param maxPending events that wait; beyond it the oldest is dropped
   */
  public GapRecorder(
      Context context,
      EventLog log,
      InstantSource clock,
      int maxPending,
      IngestMetrics.Stream metrics) {
    this.context = context;
    this.log = log;
    this.clock = clock;
    this.maxPending = maxPending;
    this.metrics = metrics;
  }

  /**
   * Remembers a gap until {@link #flush}.
   *
   * @param startNanos epoch ns
   * @param endNanos epoch ns; a moment, or a gap whose end is not known yet, has its start here
   */
  public void add(GapReason reason, long startNanos, long endNanos, int count, String detail) {
    add(reason, false, startNanos, endNanos, count, detail);
  }

  /** The same where perhaps only some tracks are concerned. */
  public void add(
      GapReason reason, boolean partial, long startNanos, long endNanos, int count, String detail) {
    metrics.gaps(reason).increment();
    if (pending.size() == maxPending) {
      pending.removeFirst();
    }
    String words =
        detail.length() > StreamEvent.MAX_DETAIL
            ? detail.substring(0, StreamEvent.MAX_DETAIL)
            : detail;
    pending.add(
        new StreamEvent(
            reason.code() | (partial ? GapReason.PARTIAL : 0),
            startNanos,
            Math.max(startNanos, endNanos),
            Math.max(0, clock.millis()),
            count,
            words));
  }

  /** Writes what is remembered. */
  public void flush() {
    if (writing) {
      return;
    }
    StreamEvent next = pending.peek();
    if (next == null) {
      tellIdle();
      return;
    }
    writing = true;
    Future.fromCompletionStage(log.append(next), context)
        .onComplete(
            done -> {
              writing = false;
              if (done.succeeded()) {
                pending.remove(next);
                flush();
              } else if (ended) {
                pending.clear();
                tellIdle();
              } else {
                context.owner().setTimer(RETRY_MILLIS, again -> flush());
              }
            });
  }

  private void tellIdle() {
    Promise<Void> waiting = idle;
    if (waiting != null) {
      waiting.tryComplete();
    }
  }

  /** Writes what is remembered, each once more, and completes then; nothing is added afterwards. */
  public Future<Void> end() {
    ended = true;
    Promise<Void> waiting = Promise.promise();
    idle = waiting;
    flush();
    return waiting.future();
  }
}
