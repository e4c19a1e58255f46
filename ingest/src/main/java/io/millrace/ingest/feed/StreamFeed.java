package io.millrace.ingest.feed;

import io.millrace.api.logging.LogLine;
import io.millrace.ingest.fragmenter.Fragment;
import io.millrace.ingest.fragmenter.FragmentArchiver;
import io.millrace.ingest.fragmenter.FragmentRefused;
import io.millrace.ingest.fragmenter.IngestError;
import io.millrace.ingest.fragmenter.NumberedFragment;
import io.millrace.ingest.metrics.IngestMetrics;
import io.millrace.ingest.producer.GapRecorder;
import io.millrace.ingest.producer.MemoryBudget;
import io.millrace.ingest.producer.Producer;
import io.millrace.ingest.producer.Producers;
import io.millrace.ingest.rtp.clock.CaptureTime;
import io.millrace.media.track.GapReason;
import io.millrace.media.track.Track;
import io.millrace.store.StoreException;
import io.millrace.store.fragment.FragmentLog;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A feed that becomes fragments of a stream. Lives on one event loop; only {@link #supersede} and
 * {@link #drain} may be called from elsewhere.
 */
final class StreamFeed implements Feed, Producer {
  private static final Logger LOG = LoggerFactory.getLogger(StreamFeed.class);

  private final Context context;
  private final String stream;
  private final FeedOrigin origin;
  private final String peer;
  private final FeedListener listener;
  private final FeedSettings settings;
  private final FragmentLog log;
  private final IngestMetrics allMetrics;
  private final IngestMetrics.Stream metrics;
  private final Producers producers;
  private final MemoryBudget budget;
  private final FragmentArchiver archiver;
  private final GapRecorder gaps;
  private final FrameGate gate;
  private final FeedFragments fragments;
  private final Promise<Void> settled = Promise.promise();

  /** Times of the fragments on their way to the store, in order: start and end. */
  private final Deque<long[]> underway = new ArrayDeque<>();

  private long accountedBytes;
  private boolean ended;
  private boolean stored;
  private boolean wasBehind;

  /** When frames were first dropped for want of room, epoch ns; -1 while they are not. */
  private long overflowSinceNanos = -1;

  StreamFeed(
      Context context,
      String stream,
      FeedOrigin origin,
      String peer,
      FeedListener listener,
      FeedSettings settings,
      FragmentLog log,
      IngestMetrics allMetrics,
      Producers producers,
      MemoryBudget budget,
      InstantSource clock) {
    this.context = context;
    this.stream = stream;
    this.origin = origin;
    this.peer = peer;
    this.listener = listener;
    this.settings = settings;
    this.log = log;
    this.allMetrics = allMetrics;
    this.metrics = allMetrics.stream(stream);
    this.producers = producers;
    this.budget = budget;
    archiver =
        new FragmentArchiver(
            context, log, settings.busyRetry(), settings.busyTimeout(), new StoreEvents());
    gaps = new GapRecorder(context, log.events(), clock, settings.maxPendingEvents(), metrics);
    fragments = new FeedFragments(log, this::archive);
    gate = new FrameGate(settings, gaps, metrics, fragments);
    metrics.openConnections().increment();
    LOG.info("{}", line("feed_began"));
  }

  /** Completes when the feed has ended and the store has what it was given. */
  Future<Void> settled() {
    return settled.future();
  }

  @Override
  public void track(Track track) {
    if (!ended) {
      gate.declare(track);
    }
  }

  @Override
  public void frame(int trackNumber, CaptureTime time, boolean keyframe, ByteBuffer data) {
    if (ended) {
      return;
    }
    metrics.bytes().add(data.remaining());
    if (overflows(trackNumber, time, keyframe)) {
      metrics.droppedFrames().increment();
      return;
    }
    try {
      gate.frame(trackNumber, time, keyframe, data);
    } catch (FragmentRefused refused) {
      metrics.droppedFrames().increment();
      gaps.add(GapReason.DECODE_TROUBLE, time.epochNanos(), time.epochNanos(), 1, refused.what());
    } catch (StoreException e) {
      metrics.failed(FragmentArchiver.errorOf(e));
      close(GapReason.DISK_ERROR, String.valueOf(e.getMessage()));
    }
    account();
  }

  /** Drops what comes while the store is too far behind, up to the next keyframe after it. */
  private boolean overflows(int trackNumber, CaptureTime time, boolean keyframe) {
    long unpersisted = archiver.unpersistedBytes();
    if (overflowSinceNanos < 0) {
      if (unpersisted <= settings.maxUnpersistedBytes() && fitsBudget()) {
        return false;
      }
      overflowSinceNanos = time.epochNanos();
      gate.pause();
      LOG.warn("{}", line("feed_overflow").with("unpersisted_bytes", unpersisted));
      return true;
    }
    if (unpersisted > settings.behindBytes() || !gate.leads(trackNumber, keyframe)) {
      return true;
    }
    gaps.add(
        GapReason.DISK_ERROR,
        overflowSinceNanos,
        time.epochNanos(),
        0,
        "the store was too far behind");
    overflowSinceNanos = -1;
    return false;
  }

  private boolean fitsBudget() {
    return budget.change(0) || archiver.isEmpty();
  }

  private void account() {
    long bytes = ended ? 0 : archiver.unpersistedBytes() + gate.heldBytes();
    var unused = budget.change(bytes - accountedBytes);
    accountedBytes = bytes;
    boolean behind = isBehind();
    if (wasBehind && !behind) {
      listener.ready();
    }
    if (behind && !wasBehind) {
      metrics.pauses().increment();
    }
    wasBehind = behind;
  }

  @Override
  public void lost(int trackNumber, long fromNanos, long toNanos, int packets, String reason) {
    if (!ended) {
      metrics.lostPackets().add(packets);
      gate.lost(trackNumber, fromNanos, toNanos, packets, reason);
    }
  }

  @Override
  public boolean isBehind() {
    return !ended && (archiver.unpersistedBytes() > settings.behindBytes() || archiver.isHeldUp());
  }

  @Override
  public void end(End reason) {
    finish(
        switch (reason) {
          case SOURCE_ENDED -> GapReason.NO_PRODUCER;
          case CONNECTION_LOST -> GapReason.CONNECTION_LOST;
          case SERVER_ENDED -> GapReason.SERVER_STOPPED;
        },
        origin + " " + peer);
  }

  private void finish(GapReason reason, String detail) {
    if (ended) {
      return;
    }
    try {
      gate.end(reason, detail);
    } catch (FragmentRefused | StoreException e) {
      LOG.warn("{}", line("feed_end_failed").with("message", e.getMessage()));
    }
    ended = true;
    fragments.abort();
    metrics.openConnections().decrement();
    LOG.info("{}", line("feed_ended").with("reason", reason.text()));
    account();
    settleIfDone();
  }

  /** Ends the feed from our side. */
  private void close(GapReason reason, String why) {
    if (!ended) {
      finish(reason, why);
      listener.closed(why);
    }
  }

  private void settleIfDone() {
    if (ended && archiver.isEmpty()) {
      gaps.end().onComplete(done -> settled.tryComplete());
    }
  }

  private void archive(NumberedFragment open, Fragment fragment) {
    underway.add(
        new long[] {open.producerTimeNanos(), open.producerTimeNanos() + fragment.durationNanos()});
    archiver.take(open, fragment);
  }

  private final class StoreEvents implements FragmentArchiver.Events {
    @Override
    public void persisted(NumberedFragment fragment, int frames, long waitedNanos) {
      underway.remove();
      log.live().settled(fragment.number());
      if (!stored) {
        stored = true;
        producers.stored(stream, StreamFeed.this);
      }
      metrics.fragments().increment();
      metrics.frames().add(frames);
      metrics.ackLatency().record(waitedNanos);
      gaps.flush();
      after();
    }

    @Override
    public void failed(NumberedFragment fragment, IngestError error, Throwable cause) {
      long[] span = underway.remove();
      log.live().settled(fragment.number());
      metrics.failed(error);
      gaps.add(GapReason.DISK_ERROR, span[0], span[1], 1, String.valueOf(cause.getMessage()));
      LOG.warn(
          "{}",
          line("fragment_not_stored")
              .with("fragment", fragment.number())
              .with("error", error)
              .with("message", cause.getMessage()));
      if (error == IngestError.STREAM_DELETED || error == IngestError.STREAM_NOT_ACTIVE) {
        close(GapReason.NO_PRODUCER, "the stream was deleted");
      }
      gaps.flush();
      after();
    }

    private void after() {
      account();
      settleIfDone();
    }
  }

  @Override
  public void supersede(boolean atOnce) {
    allMetrics.takeovers().increment();
    context.runOnContext(go -> close(GapReason.NO_PRODUCER, "another source took the stream over"));
  }

  @Override
  public Future<Void> drain() {
    context.runOnContext(go -> close(GapReason.SERVER_STOPPED, "the server is shutting down"));
    return settled.future();
  }

  private LogLine line(String event) {
    return LogLine.of(event).with("stream", stream).with("origin", origin).with("peer", peer);
  }
}
