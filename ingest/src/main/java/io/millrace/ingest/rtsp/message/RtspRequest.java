package io.millrace.ingest.rtsp.message;

/**
 * A request.
 *
 * @param method in upper case, such as {@code SETUP}
 * @param uri absolute, or {@code *}
 */
public record RtspRequest(String method, String uri, RtspHeaders headers, String body)
    implements RtspMessage {
  @Override
  public String firstLine() {
    return method + " " + uri + " " + VERSION;
  }
}
