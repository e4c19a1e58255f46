package io.millrace.api.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.api.error.AwsError;
import io.millrace.api.error.AwsException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The body and headers of an error answer. */
final class ErrorBody {
  private static final JsonFactory FACTORY = new JsonFactory();

  private ErrorBody() {}

  /** Ends the response with the error. */
  static void write(HttpServerResponse response, AwsException told) {
    response.setStatusCode(told.error().status());
    response.putHeader("x-amzn-ErrorType", told.error().shape());
    response.putHeader("content-type", "application/json");
    // Handlers may have announced a body of their own before they failed.
    response.setChunked(false);
    response.headers().remove("content-length");
    response.end(Buffer.buffer(json(told)));
  }

  private static byte[] json(AwsException told) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      if (told.error() == AwsError.UNKNOWN_OPERATION) {
        // The service's own form for a wrong path, plus our hint.
        json.writeObjectFieldStart("Output");
        json.writeStringField("__type", "com.amazon.coral.service#UnknownOperationException");
        json.writeEndObject();
        json.writeStringField("Version", "1.0");
      }
      json.writeStringField("Message", told.clientMessage());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
