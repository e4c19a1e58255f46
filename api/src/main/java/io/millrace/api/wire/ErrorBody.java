package io.millrace.api.wire;

import io.millrace.api.content.BufferOutput;
import io.millrace.api.content.QueryXml;
import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.millrace.api.operation.AwsService;
import io.millrace.api.shape.OpenShape;
import io.millrace.api.shape.PojoWriter;
import io.millrace.api.wire.Dialect.Style;
import io.vertx.core.http.HttpServerResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/** The body and headers of an error answer, in the manner of the request. */
final class ErrorBody {
  private static final String DYNAMODB_SHAPES = "com.amazonaws.dynamodb.v20120810#";
  private static final String FRONT_SHAPES = "com.amazon.coral.service#";
  private static final String VALIDATION_SHAPES = "com.amazon.coral.validate#";

  private ErrorBody() {}

  /** Ends the response with the error. */
  static void write(OperationContext context, AwsException told) {
    HttpServerResponse response = context.response();
    Dialect dialect = context.dialect();
    AwsError error = told.error();
    response.setStatusCode(dialect.statusOf(error));
    response.putHeader("x-amzn-ErrorType", error.shape());
    // Handlers may have announced a body of their own before they failed.
    response.setChunked(false);
    response.headers().remove("content-length").remove("content-encoding");
    if (error == AwsError.UNDETERMINED_OPERATION) {
      response.putHeader("content-type", "application/xml");
      response.end(
          "<AccessDeniedException>\n  <Message>%s</Message>\n</AccessDeniedException>\n"
              .formatted(told.clientMessage()));
      return;
    }
    response.putHeader("content-type", dialect.contentType());
    if (dialect.style() == Style.QUERY) {
      response.end(QueryXml.error(told, context.requestId()));
      return;
    }
    Answer.nameProtocol(context);
    BufferOutput out = new BufferOutput(256);
    PojoWriter.write(dialect.format(), OpenShape.of(members(told, dialect)), out);
    response.end(out.buffer());
  }

  private static Map<String, Object> members(AwsException told, Dialect dialect) {
    Map<String, Object> members = new LinkedHashMap<>();
    if (dialect.isTargeted()) {
      members.put("__type", type(told.error(), dialect));
      members.put("message", told.clientMessage());
    } else {
      if (told.error() == AwsError.UNKNOWN_OPERATION) {
        // The service's own form for a wrong path, plus our hint.
        members.put("Output", Map.of("__type", FRONT_SHAPES + "UnknownOperationException"));
        members.put("Version", "1.0");
      }
      members.put("Message", told.clientMessage());
    }
    members.putAll(told.members());
    return members;
  }

  private static String type(AwsError error, Dialect dialect) {
    if (dialect.service() != AwsService.DYNAMODB) {
      return error.shape();
    }
    String namespace =
        switch (error.service()) {
          case FRONT -> FRONT_SHAPES;
          default -> error == AwsError.VALIDATION ? VALIDATION_SHAPES : DYNAMODB_SHAPES;
        };
    return namespace + error.shape();
  }
}
