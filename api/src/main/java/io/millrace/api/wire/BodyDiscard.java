package io.millrace.api.wire;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;

/**
 * Reads and drops the rest of a refused body, up to a limit, so that the client can finish writing
 * and read its answer; closing at once could take the answer away from it.
 */
final class BodyDiscard {
  private static final long H2_NO_ERROR = 0;

  private final OperationContext context;
  private long bytesLeft;

  BodyDiscard(OperationContext context, int limitBytes) {
    this.context = context;
    bytesLeft = limitBytes;
  }

  void start(Duration limit) {
    HttpServerRequest request = context.request();
    long timer = context.vertxContext().owner().setTimer(limit.toMillis(), id -> cut());
    request.handler(this::drop);
    request.exceptionHandler(gone -> context.vertxContext().owner().cancelTimer(timer));
    request.endHandler(end -> context.vertxContext().owner().cancelTimer(timer));
    request.resume();
  }

  private void drop(Buffer piece) {
    bytesLeft -= piece.length();
    if (bytesLeft < 0) {
      cut();
    }
  }

  private void cut() {
    if (context.request().isEnded()) {
      return;
    }
    if (context.request().version() == HttpVersion.HTTP_2) {
      context.response().reset(H2_NO_ERROR);
    } else {
      context.request().connection().close();
    }
  }
}
