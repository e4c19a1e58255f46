package io.millrace.ingest;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A PutMedia client on a bare socket that shows each HTTP chunk of the answer by itself. */
public final class Producer implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private String head = "";
  private boolean ended;

  public Producer(int port, String target, Map<String, String> headers) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(15_000);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
    StringBuilder request = new StringBuilder("POST " + target + " HTTP/1.1\r\nHost: camera\r\n");
    headers.forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
    out.write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** A chunked body of ABSOLUTE timecodes to a stream. */
  public static Producer to(IngestServer server, String stream) throws IOException {
    return new Producer(server.door.port(), "/putMedia", absolute(stream));
  }

  public static Map<String, String> absolute(String stream) {
    return Map.of(
        "x-amzn-stream-name", stream,
        "x-amzn-fragment-timecode-type", "ABSOLUTE",
        "Transfer-Encoding", "chunked");
  }

  /** Sends one HTTP chunk. */
  public Producer send(byte[] bytes, int from, int to) throws IOException {
    ByteArrayOutputStream chunk = new ByteArrayOutputStream(to - from + 16);
    chunk.writeBytes((Integer.toHexString(to - from) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    chunk.write(bytes, from, to - from);
    chunk.writeBytes(new byte[] {'\r', '\n'});
    chunk.writeTo(out);
    out.flush();
    return this;
  }

  public Producer send(byte[] bytes) throws IOException {
    return send(bytes, 0, bytes.length);
  }

  /** Sends bytes without a frame around them. */
  public Producer raw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  /** Ends the body. */
  public Producer finish() throws IOException {
    return raw("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  /** Status line and headers of the answer. */
  public String head() throws IOException {
    if (head.isEmpty()) {
      StringBuilder lines = new StringBuilder();
      for (String line = line(); !line.isEmpty(); line = line()) {
        lines.append(line).append('\n');
      }
      head = lines.toString();
    }
    return head;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  /** The next HTTP chunk of the answer; empty when the answer has ended with its zero chunk. */
  public String ack() throws IOException {
    head();
    if (ended) {
      return "";
    }
    String size = line();
    if (size.isEmpty()) {
      throw new IOException("the connection closed without the last chunk");
    }
    int length = Integer.parseInt(size, 16);
    String chunk = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    line();
    ended = length == 0;
    return chunk;
  }

  /** Every acknowledgement until the answer ends. */
  public List<String> acks() throws IOException {
    List<String> acks = new ArrayList<>();
    for (String ack = ack(); !ack.isEmpty(); ack = ack()) {
      acks.add(ack);
    }
    return acks;
  }

  /** Acknowledgements until one that contains a text, which is the last of the list. */
  public List<String> acksUntil(String text) throws IOException {
    List<String> acks = new ArrayList<>();
    do {
      acks.add(ack());
      if (acks.getLast().isEmpty()) {
        throw new IOException("no " + text + " in " + acks);
      }
    } while (!acks.getLast().contains(text));
    return acks;
  }

  /** The body of an answer that is no stream of acknowledgements. */
  public String body() throws IOException {
    int length = Integer.parseInt(head().toLowerCase().split("content-length: ")[1].split("\n")[0]);
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  /** Whether the server has closed the connection. */
  public boolean isClosedByServer() throws IOException {
    return in.read() < 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
