package io.millrace.api.wire;

import io.millrace.api.shape.OpenShape;
import io.millrace.api.shape.PojoWriter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import software.amazon.awssdk.core.SdkPojo;

/** The answer of an operation whose response is one object. */
final class Answer {
  /** Compressing more than this would hold up the event loop. */
  private static final int MAX_BYTES_ON_LOOP = 64 * 1024;

  private static final int SIZE_HINT = 512;

  private Answer() {}

  /** Ends the response. */
  static Future<Void> send(OperationContext context, SdkPojo shape, int gzipMinBytes) {
    HttpServerResponse response = context.response();
    Dialect dialect = context.dialect();
    response.putHeader("content-type", dialect.contentType());
    if (dialect.isTargeted() && isEmpty(shape)) {
      return response.end();
    }
    BufferOutput out = new BufferOutput(SIZE_HINT);
    PojoWriter.write(dialect.format(), shape, out);
    Buffer body = out.buffer();
    if (!dialect.isTargeted()
        || body.length() < gzipMinBytes
        || !Gzip.isAccepted(context.request().getHeader("accept-encoding"))) {
      return response.end(body);
    }
    Future<Buffer> coded =
        body.length() <= MAX_BYTES_ON_LOOP
            ? Future.succeededFuture(Gzip.deflate(body))
            : context.vertxContext().executeBlocking(() -> Gzip.deflate(body), false);
    return coded.compose(deflated -> response.putHeader("content-encoding", "gzip").end(deflated));
  }

  /** Whether the model gives the response no members at all. */
  private static boolean isEmpty(SdkPojo shape) {
    return shape instanceof OpenShape open
        ? open.known() == null && open.further().isEmpty()
        : shape.sdkFields().isEmpty();
  }
}
