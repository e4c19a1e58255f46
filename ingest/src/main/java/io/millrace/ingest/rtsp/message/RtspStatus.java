package io.millrace.ingest.rtsp.message;

/** Status codes that the server answers with (RFC 2326 section 7.1.1). */
public enum RtspStatus {
  OK(200, "OK"),
  BAD_REQUEST(400, "Bad Request"),
  UNAUTHORIZED(401, "Unauthorized"),
  NOT_FOUND(404, "Not Found"),
  METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
  UNSUPPORTED_MEDIA_TYPE(415, "Unsupported Media Type"),
  PARAMETER_NOT_UNDERSTOOD(451, "Parameter Not Understood"),
  NOT_ENOUGH_BANDWIDTH(453, "Not Enough Bandwidth"),
  SESSION_NOT_FOUND(454, "Session Not Found"),
  METHOD_NOT_VALID_IN_THIS_STATE(455, "Method Not Valid in This State"),
  HEADER_FIELD_NOT_VALID(456, "Header Field Not Valid for Resource"),
  INVALID_RANGE(457, "Invalid Range"),
  UNSUPPORTED_TRANSPORT(461, "Unsupported Transport"),
  INTERNAL_SERVER_ERROR(500, "Internal Server Error"),
  NOT_IMPLEMENTED(501, "Not Implemented"),
  SERVICE_UNAVAILABLE(503, "Service Unavailable"),
  OPTION_NOT_SUPPORTED(551, "Option not supported");

  private final int code;
  private final String reason;

  RtspStatus(int code, String reason) {
    this.code = code;
    this.reason = reason;
  }

  /** Three digits. */
  public int code() {
    return code;
  }

  /** In words. */
  public String reason() {
    return reason;
  }
}
