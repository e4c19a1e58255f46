package io.millrace.api.wire;

import io.millrace.api.content.BufferOutput;
import io.millrace.api.content.Gzip;
import io.millrace.api.content.QueryXml;
import io.millrace.api.shape.OpenShape;
import io.millrace.api.shape.PojoWriter;
import io.millrace.api.wire.Dialect.Style;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import software.amazon.awssdk.core.SdkPojo;

/** The answer of an operation whose response is one object. */
final class Answer {
  /** Compressing more than this would hold up the event loop. */
  private static final int MAX_BYTES_ON_LOOP = 64 * 1024;

  private static final int SIZE_HINT = 512;

  /** Header and value by which requests and answers of Smithy RPC v2 with CBOR are told. */
  static final String RPC_HEADER = "smithy-protocol";

  static final String RPC_CBOR = "rpc-v2-cbor";

  private Answer() {}

  /** Ends the response. */
  static Future<Void> send(OperationContext context, SdkPojo shape, int gzipMinBytes) {
    HttpServerResponse response = context.response();
    Dialect dialect = context.dialect();
    response.putHeader("content-type", dialect.contentType());
    nameProtocol(context);
    boolean empty = isEmpty(shape);
    if (dialect.style() == Style.QUERY) {
      return query(context, empty);
    }
    if (dialect.isTargeted() && empty) {
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

  /** Only operations without output are served by forms. */
  private static Future<Void> query(OperationContext context, boolean empty) {
    if (!empty) {
      return Future.failedFuture(
          new IllegalStateException(context.operation() + " has an output, which has no XML form"));
    }
    String action = context.operation().substring(context.operation().indexOf(':') + 1);
    return context.response().end(QueryXml.empty(action, context.requestId()));
  }

  /** Answers of Smithy RPC say so. */
  static void nameProtocol(OperationContext context) {
    if (context.dialect().style() == Style.RPC) {
      context.response().putHeader(RPC_HEADER, RPC_CBOR);
    }
  }

  /** Whether the model gives the response no members at all. */
  private static boolean isEmpty(SdkPojo shape) {
    return shape instanceof OpenShape open
        ? open.known() == null && open.further().isEmpty()
        : shape.sdkFields().isEmpty();
  }
}
