package io.millrace.ingest.source;

import io.millrace.api.logging.LogLine;
import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.source.SourceState.Phase;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one source connected: connects, watches for silence, and connects again after pauses that
 * double and are spread at random. Lives on its own event loop; {@link #state} may be asked
 * anywhere.
 */
final class PullLoop {
  private static final Logger LOG = LoggerFactory.getLogger(PullLoop.class);
  private static final long LOOK_MILLIS = 500;

  private final Context context;
  private final Source source;
  private final Puller puller;
  private final SourceSettings settings;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Promise<Void> stopped = Promise.promise();
  private Puller.@Nullable Pull pull;
  private long timer = -1;
  private boolean stopping;
  private Duration pause;
  private long connectedNanos;
  private long seenFrames;
  private long seenNanos;
  private long framesBefore;
  private volatile SourceState state;

  PullLoop(
      Context context,
      Source source,
      Puller puller,
      SourceSettings settings,
      InstantSource clock,
      RandomGenerator random) {
    this.context = context;
    this.source = source;
    this.puller = puller;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    pause = settings.firstRetry();
    state = new SourceState(Phase.CONNECTING, clock.millis(), 0, 0, Optional.empty(), 0);
  }

  void start() {
    context.runOnContext(go -> connect());
  }

  SourceState state() {
    return state;
  }

  private void become(Phase phase, long attempts) {
    become(phase, attempts, state.lastError(), state.lastErrorMillis());
  }

  private void become(
      Phase phase, long attempts, Optional<String> lastError, long lastErrorMillis) {
    Puller.Pull open = pull;
    long frames = framesBefore + (open == null ? 0 : open.frames());
    long since = phase == state.phase() ? state.sinceMillis() : clock.millis();
    state = new SourceState(phase, since, attempts, frames, lastError, lastErrorMillis);
  }

  private void connect() {
    if (stopping) {
      return;
    }
    become(Phase.CONNECTING, state.attempts() + 1);
    connectedNanos = System.nanoTime();
    seenNanos = connectedNanos;
    seenFrames = 0;
    Puller.Pull opened = puller.pull(context, source);
    pull = opened;
    timer = context.owner().setPeriodic(LOOK_MILLIS, id -> look(opened));
    opened.ended().onSuccess(this::ended);
  }

  private void look(Puller.Pull open) {
    long now = System.nanoTime();
    long frames = open.frames();
    if (frames > seenFrames) {
      seenFrames = frames;
      seenNanos = now;
      become(Phase.RECEIVING, state.attempts());
    } else if (open.awaitsPeer()) {
      seenNanos = now;
    } else if (now - seenNanos > settings.silence().toNanos()) {
      seenNanos = now;
      LOG.warn("{}", line("source_silent").with("after", settings.silence()));
      open.close(Feed.End.CONNECTION_LOST);
    }
  }

  private void ended(String reason) {
    context.owner().cancelTimer(timer);
    Puller.Pull over = pull;
    framesBefore += over == null ? 0 : over.frames();
    pull = null;
    if (stopping) {
      stopped.tryComplete();
      return;
    }
    if (System.nanoTime() - connectedNanos >= settings.steadyAfter().toNanos()) {
      pause = settings.firstRetry();
    }
    // A fifth more or less, so that cameras behind one switch do not come back in step.
    long millis = Math.max(1, (long) (pause.toMillis() * random.nextDouble(0.8, 1.2)));
    become(Phase.WAITING, state.attempts(), Optional.of(reason), clock.millis());
    LOG.info("{}", line("source_ended").with("reason", reason).with("again_in_ms", millis));
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(settings.maxRetry()) > 0 ? settings.maxRetry() : doubled;
    timer = context.owner().setTimer(millis, id -> connect());
  }

  /** Ends the connection and makes no other; completes when it is gone. */
  Future<Void> stop(Feed.End why) {
    context.runOnContext(
        go -> {
          if (stopping) {
            return;
          }
          stopping = true;
          Puller.Pull open = pull;
          if (open == null) {
            context.owner().cancelTimer(timer);
            stopped.tryComplete();
          } else {
            open.close(why);
          }
        });
    return stopped.future();
  }

  private LogLine line(String event) {
    return LogLine.of(event).with("source", source.name()).with("url", source.url());
  }
}
