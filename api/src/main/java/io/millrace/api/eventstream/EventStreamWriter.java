package io.millrace.api.eventstream;

import io.millrace.api.error.AwsException;
import io.millrace.api.shape.BodyFormat;
import io.millrace.api.wire.OperationContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Writes an event stream as the answer of an operation, no faster than the client reads. Belongs to
 * the event loop of the request: every method is called there.
 *
 * <pre>{@code
 * writer.start().compose(begun -> writer.event("SomeEvent", shape));
 * … whenever there is something: if (writer.isWritable()) writer.event(…);
 *                                else writer.drained().onSuccess(…)
 * writer.end();
 * }</pre>
 */
public final class EventStreamWriter {
  private final HttpServerResponse response;
  private final BodyFormat format;
  private final Promise<Void> closed = Promise.promise();
  private @Nullable Promise<Void> drained;

  /** A stream that has not begun: until {@link #start} the answer may still be an error. */
  public EventStreamWriter(OperationContext context) {
    response = context.response();
    format = context.bodyFormat();
    response.closeHandler(gone -> close());
    response.exceptionHandler(gone -> close());
    response.drainHandler(writable -> drain());
    if (context.request().version() != HttpVersion.HTTP_2) {
      response.setChunked(true);
    }
  }

  /** Sends the head and the first message, without which some clients refuse the stream. */
  public Future<Void> start() {
    response.putHeader("content-type", "application/vnd.amazon.eventstream");
    return response.write(EventMessage.initialResponse(format).bytes());
  }

  /** Format of payloads on this stream: that of the request. */
  public BodyFormat format() {
    return format;
  }

  /** Whether the client has read enough for another event. */
  public boolean isWritable() {
    return !isClosed() && !response.writeQueueFull();
  }

  /**
   * Sends an event.
   *
   * @param type name of the event, such as {@code SubscribeToShardEvent}
   * @throws IllegalStateException if the stream is open but not writable: the memory of a slow
   *     reader is bounded by waiting for {@link #drained}
   * @return completes when the event has left, fails when the client has gone
   */
  public Future<Void> event(String type, SdkPojo event) {
    return send(EventMessage.event(type, format, event));
  }

  /** The same with a payload in the format of this stream. */
  public Future<Void> event(String type, byte[] payload) {
    return send(EventMessage.event(type, format, payload));
  }

  /** The same with a message made before, for several streams of one format. */
  public Future<Void> send(EventMessage message) {
    if (isClosed()) {
      return Future.failedFuture(gone());
    }
    if (response.writeQueueFull()) {
      throw new IllegalStateException("the client has not read what was sent before");
    }
    return response.write(message.bytes());
  }

  /** Completes when the stream is writable, at once where it is; fails when it closes instead. */
  public Future<Void> drained() {
    if (isClosed()) {
      return Future.failedFuture(gone());
    }
    if (!response.writeQueueFull()) {
      return Future.succeededFuture();
    }
    if (drained == null) {
      drained = Promise.promise();
    }
    return drained.future();
  }

  /** Tells the client why the stream ends, and ends it; one message beyond what is writable. */
  public Future<Void> exception(AwsException told) {
    if (isClosed()) {
      return Future.failedFuture(gone());
    }
    return response.end(EventMessage.exception(told, format).bytes()).onComplete(done -> close());
  }

  /** Ends the stream as a whole one. */
  public Future<Void> end() {
    if (isClosed()) {
      return Future.failedFuture(gone());
    }
    return response.end().onComplete(done -> close());
  }

  /** Completes when the stream has ended or the client has gone. */
  public Future<Void> closed() {
    return closed.future();
  }

  private boolean isClosed() {
    return closed.future().isComplete() || response.ended() || response.closed();
  }

  private void close() {
    closed.tryComplete();
    Promise<Void> waiting = drained;
    drained = null;
    if (waiting != null) {
      waiting.tryFail(gone());
    }
  }

  private void drain() {
    Promise<Void> waiting = drained;
    drained = null;
    if (waiting != null) {
      waiting.tryComplete();
    }
  }

  private static HttpClosedException gone() {
    return new HttpClosedException("the event stream is closed");
  }
}
