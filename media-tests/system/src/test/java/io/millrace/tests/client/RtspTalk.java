package io.millrace.tests.client;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/** A client of RTSP over one TCP connection that says what it is told to (RFC 2326). */
public final class RtspTalk implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 10_000;

  private final Socket socket;
  private final OutputStream out;
  private final DataInputStream in;

  /** Interleaved packets that came while answers were waited for. */
  private final Deque<Packet> packets = new ArrayDeque<>();

  /**
   * An answer.
   *
   * @param status such as {@code RTSP/1.0 200 OK}; empty when the server hung up
   * @param headers by name, whatever its case
   */
  public record Answer(String status, Map<String, String> headers, String body) {
    /** The session header as later requests repeat it. */
    public String session() {
      return "Session: " + headers.getOrDefault("Session", "").replaceFirst(";.*", "") + "\r\n";
    }

    /** Fails unless the request was granted. */
    public Answer orThrow() throws IOException {
      if (!status.startsWith("RTSP/1.0 200")) {
        throw new IOException("answered " + status);
      }
      return this;
    }
  }

  /** An interleaved packet (RFC 2326 section 10.12). */
  public record Packet(int channel, byte[] data) {}

  /**
   * @param url rtsp://host:port, with or without a path
   */
  public RtspTalk(URI url) throws IOException {
    socket = new Socket(url.getHost(), url.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    out = socket.getOutputStream();
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  /** Sends text as it is. */
  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends bytes as they are. */
  public void send(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @param headers each with its line end
   */
  public Answer ask(String method, String url, String headers, String body) throws IOException {
    String length = body.isEmpty() ? "" : "Content-Length: %d\r\n".formatted(body.length());
    send("%s %s RTSP/1.0\r\nCSeq: 1\r\n%s%s\r\n%s".formatted(method, url, headers, length, body));
    return answer();
  }

  /** The next answer; packets before it are kept. */
  public Answer answer() throws IOException {
    int first = in.read();
    while (first == '$') {
      packets.add(readPacket());
      first = in.read();
    }
    if (first < 0) {
      return new Answer("", Map.of(), "");
    }
    String status = (char) first + line();
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    byte[] body = new byte[Integer.parseInt(headers.getOrDefault("Content-Length", "0"))];
    in.readFully(body);
    return new Answer(status, headers, new String(body, StandardCharsets.UTF_8));
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  /** The next packet that comes. */
  public Packet packet() throws IOException {
    Packet kept = packets.poll();
    if (kept != null) {
      return kept;
    }
    int first = in.readUnsignedByte();
    if (first != '$') {
      throw new IOException("no packet begins with " + first);
    }
    return readPacket();
  }

  private Packet readPacket() throws IOException {
    int channel = in.readUnsignedByte();
    byte[] data = new byte[in.readUnsignedShort()];
    in.readFully(data);
    return new Packet(channel, data);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
