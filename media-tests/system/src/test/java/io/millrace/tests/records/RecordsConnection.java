package io.millrace.tests.records;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** One HTTP/1.1 connection to a Kinesis endpoint; requests go one after the other. */
public final class RecordsConnection implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final WireFormat format;

  /** An answer that is no success. */
  public static final class Refused extends IOException {
    private static final long serialVersionUID = 1;

    Refused(String head, byte[] body) {
      super(head + " " + new String(body, StandardCharsets.UTF_8));
    }
  }

  public RecordsConnection(int port, WireFormat format) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    out = socket.getOutputStream();
    this.format = format;
  }

  public WireFormat format() {
    return format;
  }

  /** A request with its head, to be sent as often as wanted. */
  public byte[] request(String operation, byte[] body) {
    String head =
        """
        POST / HTTP/1.1\r
        Host: 127.0.0.1\r
        X-Amz-Target: Kinesis_20131202.%s\r
        Content-Type: %s\r
        Authorization: AWS4-HMAC-SHA256 \
        Credential=test/20260101/us-east-1/kinesis/aws4_request, \
        SignedHeaders=host;x-amz-date, Signature=00\r
        X-Amz-Date: 20260101T000000Z\r
        Content-Length: %d\r
        \r
        """
            .formatted(operation, format.contentType(), body.length);
    byte[] bytes = head.getBytes(StandardCharsets.US_ASCII);
    byte[] whole = Arrays.copyOf(bytes, bytes.length + body.length);
    System.arraycopy(body, 0, whole, bytes.length, body.length);
    return whole;
  }

  /** Calls an operation. */
  public byte[] call(String operation, WireFormat.Body body) throws IOException {
    return send(request(operation, format.object(body)));
  }

  /** Sends a request made before and reads its answer. */
  public byte[] send(byte[] request) throws IOException {
    out.write(request);
    out.flush();
    String status = HttpLine.read(in);
    int length = -1;
    boolean chunked = false;
    for (String header = HttpLine.read(in); !header.isEmpty(); header = HttpLine.read(in)) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(15).strip());
      } else if (lower.startsWith("transfer-encoding:")) {
        chunked = true;
      }
    }
    byte[] body = chunked ? chunks() : exactly(Math.max(0, length));
    if (!status.contains(" 200")) {
      throw new Refused(status, body);
    }
    return body;
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = new byte[length];
    if (in.readNBytes(bytes, 0, length) < length) {
      throw new IOException("the server closed the connection");
    }
    return bytes;
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int length = Integer.parseInt(HttpLine.read(in).strip(), 16);
      body.write(in.readNBytes(length));
      HttpLine.read(in);
      if (length == 0) {
        return body.toByteArray();
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
