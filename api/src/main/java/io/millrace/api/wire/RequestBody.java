package io.millrace.api.wire;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/** Collects the bounded body of an operation whose request is one object. */
final class RequestBody {
  private final OperationContext context;
  private final int maxBytes;
  private final Promise<Buffer> whole = Promise.promise();
  private Buffer collected = Buffer.buffer(0);
  private boolean ownsCollected;

  private RequestBody(OperationContext context, int maxBytes) {
    this.context = context;
    this.maxBytes = maxBytes;
  }

  /**
   * The body as sent.
   *
   * @return fails with REQUEST_TOO_LARGE, REQUEST_TIMEOUT, SERVICE_UNAVAILABLE when too much is in
   *     flight, or the failure of the connection
   */
  static Future<Buffer> read(OperationContext context, int maxBytes, Duration limit) {
    return new RequestBody(context, maxBytes).read(limit.toMillis());
  }

  private Future<Buffer> read(long timeoutMillis) {
    HttpServerRequest request = context.request();
    String announced = request.getHeader("content-length");
    if (announced != null && isTooLarge(announced)) {
      return Future.failedFuture(tooLarge(maxBytes));
    }
    long timer = context.vertxContext().owner().setTimer(timeoutMillis, id -> timedOut());
    request.handler(this::take);
    request.exceptionHandler(whole::tryFail);
    request.endHandler(end -> whole.tryComplete(collected));
    context.receiveBody();
    return whole
        .future()
        .onComplete(
            done -> {
              context.vertxContext().owner().cancelTimer(timer);
              request.handler(null);
            });
  }

  private boolean isTooLarge(String announced) {
    try {
      return Long.parseLong(announced) > maxBytes;
    } catch (NumberFormatException e) {
      return true;
    }
  }

  private void take(Buffer piece) {
    if (collected.length() + piece.length() > maxBytes) {
      whole.tryFail(tooLarge(maxBytes));
    } else if (!context.takeBodyBytes(piece.length())) {
      whole.tryFail(
          AwsError.SERVICE_UNAVAILABLE.because("Too many requests are being received, try again"));
    } else if (collected.length() == 0) {
      // Most bodies come in one piece, which then needs no copy.
      collected = piece;
    } else {
      append(piece);
    }
  }

  private void append(Buffer piece) {
    if (!ownsCollected) {
      Buffer own = Buffer.buffer(2 * (collected.length() + piece.length()));
      collected = own.appendBuffer(collected);
      ownsCollected = true;
    }
    collected.appendBuffer(piece);
  }

  private void timedOut() {
    whole.tryFail(AwsError.REQUEST_TIMEOUT.because("The body did not arrive in time"));
  }

  private static AwsException tooLarge(int maxBytes) {
    return AwsError.REQUEST_TOO_LARGE.because("The body is larger than " + maxBytes + " bytes");
  }
}
