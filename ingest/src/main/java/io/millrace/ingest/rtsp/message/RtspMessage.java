package io.millrace.ingest.rtsp.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A request or a response. */
public sealed interface RtspMessage permits RtspRequest, RtspResponse {
  /** Version that is written. */
  String VERSION = "RTSP/1.0";

  /** Header lines, without those about the body's length when it is to be written. */
  RtspHeaders headers();

  /** The body, empty without one; a copy of its own. */
  String body();

  /** The first line, without its end. */
  String firstLine();

  /** The message as it is sent, with a Content-Length where there is a body. */
  default ByteBuffer toBytes() {
    StringBuilder head = new StringBuilder(256);
    head.append(firstLine()).append("\r\n");
    for (RtspHeaders.Line line : headers().lines()) {
      head.append(line.name()).append(": ").append(line.value()).append("\r\n");
    }
    byte[] body = body().getBytes(StandardCharsets.UTF_8);
    if (body.length > 0) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(start.length + body.length).put(start).put(body).flip();
  }
}
