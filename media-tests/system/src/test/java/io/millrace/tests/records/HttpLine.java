package io.millrace.tests.records;

import java.io.IOException;
import java.io.InputStream;

/** Lines of the head of an HTTP/1.1 answer. */
final class HttpLine {
  private HttpLine() {}

  /** Reads a line without its end. */
  static String read(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("the server closed the connection");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }
}
