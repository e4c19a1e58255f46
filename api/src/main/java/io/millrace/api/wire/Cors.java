package io.millrace.api.wire;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Locale;
import java.util.StringJoiner;

/** Lets pages of other origins call operations and load playlists and segments. */
final class Cors {
  private static final String EXPOSED =
      "x-amzn-RequestId, x-amzn-ErrorType, Content-Length, Content-Range, Date, ETag,"
          + " Location, Link, Accept-Patch, Millrace-Frame-Time, Millrace-Fragment-Number";
  private static final int MAX_REQUESTED_LENGTH = 4096;

  private final String origin;

  Cors(String origin) {
    this.origin = origin;
  }

  /** The headers of every answer. */
  void decorate(HttpServerResponse response) {
    response.putHeader("access-control-allow-origin", origin);
    response.putHeader("access-control-expose-headers", EXPOSED);
  }

  /** Answers an OPTIONS request. */
  void preflight(HttpServerRequest request) {
    HttpServerResponse response = request.response().setStatusCode(204);
    response.putHeader(
        "access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    response.putHeader("access-control-allow-headers", allowed(request));
    response.putHeader("access-control-max-age", "86400");
    response.end();
  }

  private static String allowed(HttpServerRequest request) {
    String requested = request.getHeader("access-control-request-headers");
    StringJoiner allowed = new StringJoiner(", ");
    allowed.add("authorization").add("content-type").add("range");
    if (requested == null || requested.length() > MAX_REQUESTED_LENGTH) {
      return allowed.toString();
    }
    for (String name : requested.toLowerCase(Locale.ROOT).split(",")) {
      String header = name.strip();
      if (header.matches(
          "(x-amz-|x-amzn-|amz-sdk-)[a-z0-9-]+|cache-control|if-match|if-none-match")) {
        allowed.add(header);
      }
    }
    return allowed.toString();
  }
}
