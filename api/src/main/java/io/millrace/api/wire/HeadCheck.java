package io.millrace.api.wire;

import io.millrace.api.error.AwsError;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;

/**
 * What the HTTP codec lets through and we do not: requests whose host is missing or given twice,
 * transfer codings other than chunked (their body would reach us raw), and expectations we cannot
 * meet. RFC 9112 sections 3.2 and 6.1, RFC 9110 section 10.1.1.
 */
final class HeadCheck {
  private HeadCheck() {}

  /**
   * @throws io.millrace.api.error.AwsException BAD_REQUEST or EXPECTATION_FAILED
   */
  static void check(HttpServerRequest request) {
    int hosts = request.headers().getAll("host").size();
    if (request.version() == HttpVersion.HTTP_2) {
      if (request.authority() == null) {
        throw AwsError.BAD_REQUEST.because("The request names no authority");
      }
    } else if (hosts > 1 || (hosts == 0 && request.version() == HttpVersion.HTTP_1_1)) {
      throw AwsError.BAD_REQUEST.because("The request must have exactly one Host header");
    }
    List<String> codings = request.headers().getAll("transfer-encoding");
    if (!codings.isEmpty()
        && !(codings.size() == 1 && codings.getFirst().strip().equalsIgnoreCase("chunked"))) {
      throw AwsError.BAD_REQUEST.because("The only transfer coding accepted is chunked");
    }
    String expect = request.getHeader("expect");
    if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
      throw AwsError.EXPECTATION_FAILED.because("The only expectation met is 100-continue");
    }
  }
}
