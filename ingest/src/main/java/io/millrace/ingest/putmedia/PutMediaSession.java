package io.millrace.ingest.putmedia;

import io.millrace.api.logging.LogLine;
import io.millrace.api.wire.OperationContext;
import io.millrace.ingest.fragmenter.ClusterFragmenter;
import io.millrace.ingest.fragmenter.Fragment;
import io.millrace.ingest.fragmenter.FragmentArchiver;
import io.millrace.ingest.fragmenter.FragmentListener;
import io.millrace.ingest.fragmenter.FragmentRefused;
import io.millrace.ingest.fragmenter.IngestError;
import io.millrace.ingest.fragmenter.NumberedFragment;
import io.millrace.ingest.metrics.IngestMetrics;
import io.millrace.ingest.producer.GapRecorder;
import io.millrace.ingest.producer.MemoryBudget;
import io.millrace.ingest.producer.Producer;
import io.millrace.ingest.producer.Producers;
import io.millrace.media.track.GapReason;
import io.millrace.store.StoreException;
import io.millrace.store.fragment.FragmentLog;
import io.millrace.store.fragment.LiveFragment;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One producer's connection, from the first byte of its body to the last acknowledgement. Lives on
 * the event loop of its request; only {@link #supersede} and {@link #drain} may be called from
 * elsewhere.
 */
final class PutMediaSession implements FragmentListener, Producer {
  private static final Logger LOG = LoggerFactory.getLogger(PutMediaSession.class);

  private static final int MAX_PENDING_GAPS = 100;

  private enum State {
    /** Bytes are taken. */
    RECEIVING,
    /** No more bytes are taken; fragments on their way to the store are still acknowledged. */
    ENDING,
    /** The answer has ended, or its client is gone. */
    CLOSED
  }

  private final OperationContext context;
  private final String streamName;
  private final PutMediaSettings settings;
  private final ProducerClock clock;
  private final FragmentLog log;
  private final IngestMetrics.Stream metrics;
  private final IngestMetrics allMetrics;
  private final Producers producers;
  private final MemoryBudget budget;
  private final ClusterFragmenter fragmenter;
  private final FragmentArchiver archiver;
  private final CodecCheck codecCheck;
  private final GapRecorder gaps;
  private final Promise<Void> closed = Promise.promise();
  private final long beganNanos = System.nanoTime();

  private State state = State.RECEIVING;
  private @Nullable NumberedFragment open;

  /** End of the newest whole fragment, epoch ns; where a gap would begin. */
  private long endNanos = Long.MIN_VALUE;

  /** What readers see of the open fragment. */
  private @Nullable LiveFragment live;

  private long lastDataNanos = beganNanos;
  private long lastIdleAckNanos = beganNanos;
  private long supersededNanos;
  private boolean superseded;
  private boolean paused;
  private boolean stored;
  private long accountedBytes;
  private long timer;

  PutMediaSession(
      OperationContext context,
      String streamName,
      PutMediaSettings settings,
      ProducerClock clock,
      FragmentLog log,
      IngestMetrics allMetrics,
      Producers producers,
      MemoryBudget budget,
      InstantSource serverClock) {
    this.context = context;
    this.streamName = streamName;
    this.settings = settings;
    this.clock = clock;
    this.log = log;
    this.allMetrics = allMetrics;
    this.metrics = allMetrics.stream(streamName);
    this.producers = producers;
    this.budget = budget;
    fragmenter = new ClusterFragmenter(settings.fragmenter(), this);
    archiver =
        new FragmentArchiver(
            context.vertxContext(),
            log,
            settings.busyRetry(),
            settings.busyTimeout(),
            new StoreEvents());
    gaps =
        new GapRecorder(
            context.vertxContext(), log.events(), serverClock, MAX_PENDING_GAPS, metrics);
    codecCheck = new CodecCheck(context.requestId(), streamName, metrics);
  }

  /** Answers 200 and takes the body; completes when the answer has ended. */
  Future<Void> run() {
    metrics.openConnections().increment();
    HttpServerRequest request = context.request();
    request.handler(this::onBytes);
    request.endHandler(end -> onEnd());
    request.exceptionHandler(this::onBroken);
    HttpServerResponse response = context.response();
    response.exceptionHandler(this::onBroken);
    response.drainHandler(drained -> reconsider());
    context.receiveBody();
    response.setChunked(true).putHeader("content-type", "application/json").writeHead();
    timer = vertx().setPeriodic(settings.tickMillis(), id -> tick());
    return closed.future();
  }

  private Vertx vertx() {
    return context.vertxContext().owner();
  }

  private void onBytes(Buffer piece) {
    if (state != State.RECEIVING) {
      return;
    }
    int length = piece.length();
    lastDataNanos = System.nanoTime();
    metrics.bytes().add(length);
    guard(() -> fragmenter.feed(length, (target, at) -> piece.getBytes(0, length, target, at)));
    reconsider();
  }

  private void onEnd() {
    if (state != State.RECEIVING) {
      return;
    }
    guard(fragmenter::end);
    if (state == State.RECEIVING) {
      gapAfter(GapReason.NO_PRODUCER, "PUT_MEDIA");
      finish();
    }
  }

  /** The producer is gone: an open fragment is torn and is never stored. */
  private void onBroken(Throwable cause) {
    if (state == State.CLOSED) {
      return;
    }
    if (state == State.RECEIVING) {
      metrics.failed(IngestError.STREAM_READ_ERROR);
      countTorn();
      gapAfter(GapReason.CONNECTION_LOST, "PUT_MEDIA");
    }
    close();
    closed.tryFail(cause);
  }

  /** Writes down why nothing follows, as far as there was something. */
  private void gapAfter(GapReason reason, String detail) {
    if (endNanos != Long.MIN_VALUE) {
      gaps.add(reason, endNanos, endNanos, 0, detail);
      gaps.flush();
    }
  }

  private void countTorn() {
    if (fragmenter.isOpen()) {
      metrics.tornFragments().increment();
    }
  }

  private void guard(Runnable step) {
    try {
      step.run();
    } catch (FragmentRefused refused) {
      fail(refused.error(), refused.what(), open);
    } catch (StoreException e) {
      fail(FragmentArchiver.errorOf(e), String.valueOf(e.getMessage()), open);
    }
  }

  @Override
  public void fragmentBegan(long timecode, long timecodeNanos) {
    open = null;
    long producerTimeNanos = clock.producerTimeNanos(timecodeNanos);
    LiveFragment growing = log.live().open(log::nextNumber, producerTimeNanos);
    live = growing;
    NumberedFragment fragment = new NumberedFragment(timecode, producerTimeNanos, growing.number());
    open = fragment;
    send(Ack.of(Ack.Progress.BUFFERING, timecode, fragment.number()));
  }

  @Override
  public void fragmentGrew(byte[] bytes, int headBytes, int sizeBytes) {
    if (live != null) {
      live.grow(bytes, headBytes, sizeBytes);
    }
  }

  @Override
  public void fragmentCompleted(Fragment fragment) {
    NumberedFragment known = open;
    LiveFragment whole = live;
    if (known == null || whole == null) {
      throw new IllegalStateException("a fragment without a number");
    }
    open = null;
    live = null;
    whole.complete(fragment.payload());
    send(Ack.of(Ack.Progress.RECEIVED, known.timecode(), known.number()));
    codecCheck.look(fragment);
    endNanos = known.producerTimeNanos() + fragment.durationNanos();
    archiver.take(known, fragment);
  }

  private final class StoreEvents implements FragmentArchiver.Events {
    @Override
    public void persisted(NumberedFragment fragment, int frames, long waitedNanos) {
      log.live().settled(fragment.number());
      if (!stored) {
        stored = true;
        producers.stored(streamName, PutMediaSession.this);
      }
      metrics.fragments().increment();
      metrics.frames().add(frames);
      metrics.ackLatency().record(waitedNanos);
      send(Ack.of(Ack.Progress.PERSISTED, fragment.timecode(), fragment.number()));
      afterStore();
    }

    @Override
    public void failed(NumberedFragment fragment, IngestError error, Throwable cause) {
      log.live().settled(fragment.number());
      LOG.warn("{}", line("fragment_not_stored").with("fragment", fragment.number()), cause);
      gaps.add(
          GapReason.DISK_ERROR,
          fragment.producerTimeNanos(),
          Math.max(endNanos, fragment.producerTimeNanos()),
          1,
          error.name());
      gaps.flush();
      fail(error, String.valueOf(cause.getMessage()), fragment);
      afterStore();
    }

    private void afterStore() {
      reconsider();
      if (state == State.ENDING && archiver.isEmpty()) {
        endAnswer();
      }
    }
  }

  /** Tells the producer what was wrong and takes nothing more from it. */
  private void fail(IngestError error, String what, @Nullable NumberedFragment fragment) {
    if (state == State.CLOSED) {
      return;
    }
    metrics.failed(error);
    LOG.info(
        "{}",
        line("put_media_failed")
            .with("error", error)
            .with("error_id", error.id())
            .with("fragment", fragment == null ? null : fragment.number())
            .with("timecode", fragment == null ? null : fragment.timecode())
            .with("message", what));
    send(Ack.error(error, fragment));
    gapAfter(
        switch (error) {
          case MAX_CONNECTION_DURATION_REACHED -> GapReason.NO_PRODUCER;
          case ARCHIVAL_ERROR, INTERNAL_ERROR -> GapReason.DISK_ERROR;
          default -> GapReason.DECODE_TROUBLE;
        },
        error.name() + ": " + what);
    finish();
  }

  /** Takes no more bytes and ends the answer once the store has what it was given. */
  private void finish() {
    if (state != State.RECEIVING) {
      return;
    }
    state = State.ENDING;
    abortLive();
    if (archiver.isEmpty()) {
      endAnswer();
    }
  }

  private void endAnswer() {
    if (state == State.CLOSED) {
      return;
    }
    boolean bodyRead = context.request().isEnded();
    close();
    context.response().end().onComplete(ended -> closed.tryComplete());
    if (!bodyRead) {
      context.discardBody();
    }
  }

  private void abortLive() {
    LiveFragment torn = live;
    live = null;
    if (torn != null) {
      torn.abort();
    }
  }

  private void close() {
    state = State.CLOSED;
    abortLive();
    vertx().cancelTimer(timer);
    metrics.openConnections().decrement();
    account(0);
  }

  private void send(Ack ack) {
    if (state != State.CLOSED) {
      context.response().write(ack.bytes());
    }
  }

  /** Holds the producer back while the store or the producer's own reading is behind. */
  private void reconsider() {
    if (state != State.RECEIVING) {
      return;
    }
    long unpersisted = archiver.unpersistedBytes();
    boolean fits = account(unpersisted + fragmenter.heldBytes());
    if (!fits && archiver.isEmpty()) {
      fail(IngestError.INTERNAL_ERROR, "the server's memory for fragments is used up", open);
      return;
    }
    boolean hold =
        !fits
            || unpersisted > settings.maxUnpersistedBytes()
            || archiver.isHeldUp()
            || context.response().writeQueueFull();
    if (hold && !paused) {
      paused = true;
      metrics.pauses().increment();
      context.request().pause();
    } else if (!hold && paused) {
      paused = false;
      lastDataNanos = System.nanoTime();
      context.request().resume();
    }
  }

  private boolean account(long bytes) {
    boolean fits = budget.change(bytes - accountedBytes);
    accountedBytes = bytes;
    return fits;
  }

  private void tick() {
    if (state != State.RECEIVING || paused) {
      return;
    }
    long now = System.nanoTime();
    long silence = now - lastDataNanos;
    if (silence >= settings.quietAfter().toNanos()) {
      guard(fragmenter::quiet);
    }
    if (now - beganNanos > settings.maxConnectionDuration().toNanos()) {
      fail(
          IngestError.MAX_CONNECTION_DURATION_REACHED,
          "the connection is older than " + settings.maxConnectionDuration(),
          open);
    } else if (silence >= settings.idleLimit().toNanos()) {
      giveUp("put_media_idle", GapReason.CONNECTION_LOST);
    } else if (superseded
        && (silence >= settings.staleAfter().toNanos()
            || now - supersededNanos >= settings.overlapLimit().toNanos())) {
      giveUp("put_media_superseded", GapReason.NO_PRODUCER);
    } else if (silence >= settings.idleAckInterval().toNanos()
        && now - lastIdleAckNanos >= settings.idleAckInterval().toNanos()) {
      lastIdleAckNanos = now;
      send(Ack.IDLE);
    }
  }

  /** Ends the answer without an error; the producer will connect again. */
  private void giveUp(String why, GapReason reason) {
    if (state != State.RECEIVING) {
      return;
    }
    countTorn();
    gapAfter(reason, "PUT_MEDIA");
    LOG.info("{}", line(why));
    finish();
  }

  @Override
  public void supersede(boolean atOnce) {
    allMetrics.takeovers().increment();
    context
        .vertxContext()
        .runOnContext(
            go -> {
              if (atOnce) {
                giveUp("put_media_superseded", GapReason.NO_PRODUCER);
              } else if (!superseded) {
                superseded = true;
                supersededNanos = System.nanoTime();
              }
            });
  }

  @Override
  public Future<Void> drain() {
    context
        .vertxContext()
        .runOnContext(go -> giveUp("put_media_drained", GapReason.SERVER_STOPPED));
    return closed.future();
  }

  private LogLine line(String event) {
    return LogLine.of(event)
        .with("request_id", context.requestId())
        .with("stream", streamName)
        .with("client", context.request().remoteAddress());
  }
}
