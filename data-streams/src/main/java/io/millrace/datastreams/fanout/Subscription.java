package io.millrace.datastreams.fanout;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.eventstream.EventStreamWriter;
import io.millrace.api.wire.OperationContext;
import io.millrace.datastreams.call.Calls;
import io.millrace.datastreams.capacity.TokenBucket;
import io.millrace.datastreams.read.RecordPage;
import io.millrace.datastreams.stream.OpenShard;
import io.millrace.datastreams.stream.OpenStream;
import io.millrace.store.shard.Position;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One subscription: reads the next records when the client took the last ones, and never ahead.
 * Belongs to the event loop of its request.
 */
final class Subscription {
  private final OperationContext context;
  private final EventStreamWriter writer;
  private final OpenStream stream;
  private final OpenShard shard;
  private final LastEvent lastEvent;
  private final FanOutSettings settings;
  private final TokenBucket budget;
  private final InstantSource clock;
  private final BooleanSupplier registered;
  private final long beganNanos = System.nanoTime();
  private final Promise<Void> done = Promise.promise();
  private Position position;
  private boolean over;

  /**
   * @param from where to begin
   * @param lastEvent shared by the subscriptions of the shard
   * @param budget bytes it may be given
   * @param registered whether its consumer still is
   */
  Subscription(
      OperationContext context,
      OpenStream stream,
      OpenShard shard,
      Position from,
      LastEvent lastEvent,
      FanOutSettings settings,
      TokenBucket budget,
      InstantSource clock,
      BooleanSupplier registered) {
    this.context = context;
    this.writer = new EventStreamWriter(context);
    this.stream = stream;
    this.shard = shard;
    this.position = from;
    this.lastEvent = lastEvent;
    this.settings = settings;
    this.budget = budget;
    this.clock = clock;
    this.registered = registered;
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - beganNanos);
  }

  /** Sends events until it is over; completes then. */
  Future<Void> run() {
    writer.closed().onComplete(gone -> finish());
    var unused = writer.start();
    writer.drained().onSuccess(room -> next());
    return done.future();
  }

  /** Ends it because a newer one of the same consumer took over; any thread. */
  void giveWay() {
    context
        .vertxContext()
        .runOnContext(
            go ->
                fail(
                    AwsError.RESOURCE_IN_USE.because(
                        "Another subscription of this consumer took over this shard.")));
  }

  /** Ends it as if its time were over; any thread. */
  void end() {
    context.vertxContext().runOnContext(go -> endNow());
  }

  private void endNow() {
    if (!over) {
      var unused = writer.end();
      finish();
    }
  }

  private void finish() {
    if (!over) {
      over = true;
      done.tryComplete();
    }
  }

  private void fail(Throwable failure) {
    if (!over) {
      Throwable told = Calls.told(failure);
      var unused =
          writer.exception(
              told instanceof AwsException known
                  ? known
                  : AwsError.INTERNAL_FAILURE.because("Internal Service Failure", told));
      finish();
    }
  }

  private void next() {
    Duration left = settings.maxDuration().minus(age());
    if (over) {
      return;
    }
    if (!left.isPositive()) {
      endNow();
      return;
    }
    if (!registered.getAsBoolean()) {
      fail(AwsError.RESOURCE_NOT_FOUND.because("The consumer was deregistered."));
      return;
    }
    Duration wait = left.compareTo(settings.heartbeat()) < 0 ? left : settings.heartbeat();
    context
        .onContext(
            RecordPage.read(
                shard,
                position,
                settings.maxEventRecords(),
                settings.maxEventBytes(),
                wait,
                clock.millis()))
        .onSuccess(this::send)
        .onFailure(this::fail);
  }

  private void send(RecordPage page) {
    if (over) {
      return;
    }
    position = page.next();
    shard.counters().recordsOut.add(page.records().size());
    shard.counters().bytesOut.add(page.bytes());
    var unused = writer.send(lastEvent.of(stream, page, writer.format()));
    if (page.ended()) {
      endNow();
      return;
    }
    long now = System.nanoTime();
    budget.take(page.bytes(), now);
    writer
        .drained()
        .onSuccess(
            room -> {
              long waitMillis = TimeUnit.NANOSECONDS.toMillis(budget.waitNanos(now));
              if (waitMillis > 0) {
                context.vertxContext().owner().setTimer(waitMillis, paid -> next());
              } else {
                next();
              }
            });
  }
}
