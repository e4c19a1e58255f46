package io.millrace.ingest.rtsp.message;

/**
 * A response.
 *
 * @param status 100 to 599
 * @param reason in words
 */
public record RtspResponse(int status, String reason, RtspHeaders headers, String body)
    implements RtspMessage {
  /** A response without body. */
  public static RtspResponse of(RtspStatus status) {
    return new RtspResponse(status.code(), status.reason(), RtspHeaders.NONE, "");
  }

  /** A refusal that says why in words. */
  public static RtspResponse of(RtspStatus status, String why) {
    return new RtspResponse(
        status.code(),
        status.reason(),
        RtspHeaders.NONE.with("Content-Type", "text/plain"),
        why + "\r\n");
  }

  /** This with one more header. */
  public RtspResponse with(String name, String value) {
    return new RtspResponse(status, reason, headers.with(name, value), body);
  }

  @Override
  public String firstLine() {
    return VERSION + " " + status + " " + reason;
  }
}
