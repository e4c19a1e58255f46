package io.millrace.playback.getmedia;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes parts to a response no faster than its client takes them, so that a reply holds one
 * fragment and one piece in memory. Belongs to one event loop.
 */
final class ReplyStream {
  private final HttpServerResponse response;
  private final int writeBytes;
  private final GetMediaCounters counters;
  private @Nullable Promise<Void> waiting;
  private Runnable onGone = () -> {};
  private boolean closed;

  ReplyStream(HttpServerResponse response, int writeBytes, GetMediaCounters counters) {
    this.response = response;
    this.writeBytes = writeBytes;
    this.counters = counters;
    response.setWriteQueueMaxSize(writeBytes);
    response.exceptionHandler(failure -> close());
    response.closeHandler(done -> close());
  }

  private void close() {
    closed = true;
    drained();
    onGone.run();
  }

  private void drained() {
    Promise<Void> waited = waiting;
    waiting = null;
    if (waited != null) {
      waited.complete();
    }
  }

  /** Whether the client left. */
  boolean closed() {
    return closed || response.closed();
  }

  /** Calls back once or more when the client leaves. */
  void onGone(Runnable action) {
    onGone = action;
  }

  void begin() {
    response.setChunked(true).putHeader("content-type", "video/webm");
    response.writeHead();
  }

  /** Completes when all parts were handed over, or when the client left. */
  Future<Void> write(List<ByteBuffer> parts) {
    Future<Void> done = Future.succeededFuture();
    for (ByteBuffer part : parts) {
      done = done.compose(next -> writePart(part.duplicate()));
    }
    return done;
  }

  private Future<Void> writePart(ByteBuffer part) {
    while (part.hasRemaining()) {
      if (closed()) {
        return Future.succeededFuture();
      }
      if (response.writeQueueFull()) {
        Promise<Void> wait = Promise.promise();
        waiting = wait;
        response.drainHandler(drain -> drained());
        return wait.future().compose(next -> writePart(part));
      }
      int size = Math.min(part.remaining(), writeBytes);
      Buffer piece = Buffer.buffer(size);
      piece.setBytes(0, part.slice(part.position(), size));
      part.position(part.position() + size);
      counters.bytes.add(size);
      response.write(piece).onFailure(failure -> close());
    }
    return Future.succeededFuture();
  }

  Future<Void> end() {
    return closed() ? Future.succeededFuture() : response.end();
  }
}
