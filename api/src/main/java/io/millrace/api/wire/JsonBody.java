package io.millrace.api.wire;

import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Collects the bounded body of a JSON operation. */
final class JsonBody {
  private final OperationContext context;
  private final int maxBytes;
  private final Promise<Buffer> whole = Promise.promise();
  private final Buffer collected = Buffer.buffer();

  private JsonBody(OperationContext context, int maxBytes) {
    this.context = context;
    this.maxBytes = maxBytes;
  }

  /** Fails with REQUEST_TOO_LARGE, REQUEST_TIMEOUT or the failure of the connection. */
  static Future<Buffer> read(OperationContext context, RouterSettings settings) {
    return new JsonBody(context, settings.maxJsonBodyBytes())
        .read(settings.bodyTimeout().toMillis());
  }

  private Future<Buffer> read(long timeoutMillis) {
    HttpServerRequest request = context.request();
    String announced = request.getHeader("content-length");
    if (announced != null && isTooLarge(announced)) {
      return Future.failedFuture(tooLarge());
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
      whole.tryFail(tooLarge());
    } else {
      collected.appendBuffer(piece);
    }
  }

  private void timedOut() {
    whole.tryFail(AwsError.REQUEST_TIMEOUT.because("The body did not arrive in time"));
  }

  private AwsException tooLarge() {
    return AwsError.REQUEST_TOO_LARGE.because("The body is larger than " + maxBytes + " bytes");
  }
}
