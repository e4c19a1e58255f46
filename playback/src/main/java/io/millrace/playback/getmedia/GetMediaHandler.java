package io.millrace.playback.getmedia;

import io.millrace.api.error.AwsError;
import io.millrace.api.wire.OperationContext;
import io.millrace.playback.source.SourceStream;
import io.millrace.playback.source.StreamFinder;
import io.millrace.store.StoreException;
import io.millrace.store.StoreException.Kind;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.fragment.FragmentNumber;
import io.millrace.store.fragment.LiveFragment;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesisvideomedia.model.GetMediaRequest;

/** GetMedia: from a start point on, stored fragments first, then each new one as it arrives. */
public final class GetMediaHandler {
  private static final int FRAGMENTS_PER_LOOK = 8;

  private final StreamFinder streams;
  private final GetMediaSettings settings;
  private final InstantSource clock;
  private final GetMediaCounters counters;
  private final OpenReplies open;
  private volatile boolean closing;

  GetMediaHandler(
      StreamFinder streams,
      GetMediaSettings settings,
      InstantSource clock,
      GetMediaCounters counters,
      OpenReplies open) {
    this.streams = streams;
    this.settings = settings;
    this.clock = clock;
    this.counters = counters;
    this.open = open;
  }

  /** Lets open replies end after the fragment they are at. */
  public void close() {
    closing = true;
  }

  Future<Void> handle(OperationContext context, GetMediaRequest request) {
    SourceStream stream = streams.find(request.streamName(), request.streamARN());
    if (request.startSelector() == null) {
      throw AwsError.INVALID_ARGUMENT.because("StartSelector is required");
    }
    open.enter(stream, AwsError.CONNECTION_LIMIT_EXCEEDED);
    return Future.succeededFuture()
        .compose(
            entered ->
                context.onContext(
                    StartPoint.find(
                        request.startSelector(),
                        stream.log(),
                        clock.millis(),
                        settings.freshness())))
        .recover(failure -> Future.failedFuture(StreamFinder.failure(failure)))
        .compose(start -> new Reply(context, stream, start).run())
        .onComplete(done -> open.leave(stream));
  }

  /** One reply; each step starts the next one afresh, so that a long reply does not pile up. */
  private final class Reply {
    private final OperationContext context;
    private final SourceStream stream;
    private final StartPoint start;
    private final ReplyStream out;
    private final LiveEdge edge;
    private final Promise<Void> done = Promise.promise();
    private final long beganNanos = System.nanoTime();
    private @Nullable FragmentNumber last;
    private boolean started;

    /** Whether a fragment broke off in its middle; whatever follows would be read as part of it. */
    private boolean torn;

    Reply(OperationContext context, SourceStream stream, StartPoint start) {
      this.context = context;
      this.stream = stream;
      this.start = start;
      this.last = start.after();
      this.out = new ReplyStream(context.response(), settings.writeBytes(), counters);
      this.edge = new LiveEdge(stream.log().live(), context.vertxContext(), out, clock, counters);
    }

    Future<Void> run() {
      // A client that leaves while nothing new comes must not hold its place until the next look.
      out.onGone(done::tryComplete);
      out.begin();
      look();
      return done.future().onComplete(over -> edge.close());
    }

    private boolean over() {
      return closing
          || torn
          || out.closed()
          || System.nanoTime() - beganNanos >= settings.maxDuration().toNanos();
    }

    private void look() {
      if (over()) {
        end();
        return;
      }
      // The live end first and the log second, so that none slips from one to the other unseen.
      LiveFragment growing = edge.next(last);
      durable(growing == null ? settings.pollWait() : Duration.ZERO)
          .compose(
              entries -> growing == null || !entries.isEmpty() ? send(entries) : sendLive(growing))
          .onSuccess(sent -> context.vertxContext().runOnContext(next -> look()))
          .onFailure(this::fail);
    }

    /** The next durable fragments, or none once the wait is over or a live one has begun. */
    private Future<List<FragmentEntry>> durable(Duration wait) {
      Promise<List<FragmentEntry>> first = Promise.promise();
      if (wait.isPositive()) {
        awaitLive(first);
      }
      Future.succeededFuture()
          .compose(start -> context.onContext(stream.log().after(last, FRAGMENTS_PER_LOOK, wait)))
          .onSuccess(first::tryComplete)
          .onFailure(first::tryFail);
      return first.future();
    }

    private void awaitLive(Promise<List<FragmentEntry>> first) {
      edge.changed()
          .onSuccess(
              changed -> {
                if (edge.next(last) != null || first.future().isComplete()) {
                  first.tryComplete(List.of());
                } else {
                  awaitLive(first);
                }
              });
    }

    private Future<Void> sendLive(LiveFragment fragment) {
      last = fragment.number();
      if (!started && start.skips(fragment.number(), fragment.producerTimeNanos())) {
        return Future.succeededFuture();
      }
      started = true;
      return edge.send(fragment)
          .onSuccess(
              outcome -> {
                if (outcome == LiveEdge.Outcome.TORN) {
                  counters.torn.increment();
                  torn = true;
                }
              })
          .mapEmpty();
    }

    private void end() {
      out.end().onComplete(ended -> done.tryComplete());
    }

    /** A stream that is deleted or closing ends the reply in good order. */
    private void fail(Throwable failure) {
      if (kind(failure)
          .filter(k -> k == Kind.SEALED || k == Kind.CLOSED || k == Kind.NOT_FOUND)
          .isPresent()) {
        end();
      } else {
        done.tryFail(failure);
      }
    }

    private Future<Void> send(List<FragmentEntry> entries) {
      Future<Void> sent = Future.succeededFuture();
      for (FragmentEntry entry : entries) {
        sent = sent.compose(next -> over() ? Future.succeededFuture() : sendOne(entry));
      }
      return sent;
    }

    private Future<Void> sendOne(FragmentEntry entry) {
      last = entry.number();
      if (!started && start.skips(entry.number(), entry.producerTimeNanos())) {
        return Future.succeededFuture();
      }
      started = true;
      return context
          .onContext(stream.log().read(entry))
          .map(payload -> document(entry, payload))
          .recover(failure -> Future.succeededFuture(unreadable(entry, failure)))
          .compose(out::write);
    }

    private List<ByteBuffer> document(FragmentEntry entry, ByteBuffer payload) {
      List<ByteBuffer> parts = new ArrayList<>(MediaDocument.of(entry, payload));
      parts.add(MediaDocument.progress(entry.number(), clock.millis()));
      counters.fragments.increment();
      return parts;
    }

    /** A reader too slow for retention goes on with what is left; other faults are told. */
    private List<ByteBuffer> unreadable(FragmentEntry entry, Throwable failure) {
      counters.skipped.increment();
      return kind(failure).filter(Kind.GONE::equals).isPresent()
          ? List.of()
          : MediaDocument.unreadable(entry.number().toString());
    }
  }

  static Optional<Kind> kind(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof StoreException store ? Optional.of(store.kind()) : Optional.empty();
  }
}
