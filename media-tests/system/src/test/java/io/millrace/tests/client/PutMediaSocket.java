package io.millrace.tests.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * PutMedia on one socket: chunks go out as given, every response chunk is kept as it came. One
 * sender thread; acks arrive on a thread of its own.
 */
public final class PutMediaSocket implements AutoCloseable {
  private final Socket socket;
  private final OutputStream out;
  private final List<Ack> acks = new CopyOnWriteArrayList<>();
  private final List<Integer> chunkSizes = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Integer> status = new CompletableFuture<>();
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
  private final Consumer<Ack> onAck;

  /** Connects and sends the head; {@code headers} are full lines without line ends. */
  public PutMediaSocket(URI endpoint, List<String> headers, Consumer<Ack> onAck)
      throws IOException {
    this.onAck = onAck;
    socket = new Socket(endpoint.getHost(), endpoint.getPort());
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
    String head =
        "POST /putMedia HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: chunked\r\n%s\r\n\r\n"
            .formatted(endpoint.getAuthority(), String.join("\r\n", headers));
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.flush();
    Thread.ofVirtual().name("put-media-acks").start(this::readReply);
  }

  /** An ABSOLUTE session to a stream. */
  public static PutMediaSocket absolute(URI endpoint, String stream) throws IOException {
    return absolute(endpoint, stream, ack -> {});
  }

  /** An ABSOLUTE session to a stream that tells of each ack as it comes. */
  public static PutMediaSocket absolute(URI endpoint, String stream, Consumer<Ack> onAck)
      throws IOException {
    return new PutMediaSocket(
        endpoint,
        List.of("x-amzn-stream-name: " + stream, "x-amzn-fragment-timecode-type: ABSOLUTE"),
        onAck);
  }

  /** A RELATIVE session that starts at an epoch second. */
  public static PutMediaSocket relative(URI endpoint, String stream, String start)
      throws IOException {
    return new PutMediaSocket(
        endpoint,
        List.of(
            "x-amzn-stream-name: " + stream,
            "x-amzn-fragment-timecode-type: RELATIVE",
            "x-amzn-producer-start-timestamp: " + start),
        ack -> {});
  }

  /** Sends one HTTP chunk. */
  public void send(byte[] bytes, int offset, int length) throws IOException {
    byte[] head = (Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] chunk = new byte[head.length + length + 2];
    System.arraycopy(head, 0, chunk, 0, head.length);
    System.arraycopy(bytes, offset, chunk, head.length, length);
    chunk[chunk.length - 2] = '\r';
    chunk[chunk.length - 1] = '\n';
    out.write(chunk);
    out.flush();
  }

  /** Sends everything in chunks of a size. */
  public void sendAll(byte[] bytes, int chunkSize) throws IOException {
    for (int at = 0; at < bytes.length; at += chunkSize) {
      send(bytes, at, Math.min(chunkSize, bytes.length - at));
    }
  }

  /** Sends the final chunk; the session ends when the server has sent its own. */
  public void finish() throws IOException {
    out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  /** HTTP status, once the head came. */
  public CompletableFuture<Integer> status() {
    return status;
  }

  /** Completes with true when the server sent its final chunk, false when it only hung up. */
  public CompletableFuture<Boolean> ended() {
    return ended;
  }

  /** All acks so far, in order. */
  public List<Ack> acks() {
    return acks;
  }

  /** Sizes of the response's HTTP chunks so far, in bytes. */
  public List<Integer> chunkSizes() {
    return chunkSizes;
  }

  /** Acks of one type, in order. */
  public List<Ack> acks(String type) {
    return acks.stream().filter(ack -> ack.type().equals(type)).toList();
  }

  private void readReply() {
    boolean whole = false;
    try (InputStream in = new BufferedInputStream(socket.getInputStream())) {
      String head = readLine(in);
      for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
        head += "\n" + line;
      }
      status.complete(Integer.parseInt(head.split(" ", 3)[1]));
      whole = readChunks(in);
    } catch (IOException | RuntimeException e) {
      status.completeExceptionally(e);
    }
    ended.complete(whole);
  }

  private boolean readChunks(InputStream in) throws IOException {
    while (true) {
      int size = Integer.parseInt(readLine(in).trim(), 16);
      byte[] chunk = in.readNBytes(size);
      readLine(in);
      if (size == 0) {
        return true;
      }
      chunkSizes.add(size);
      for (String line : new String(chunk, StandardCharsets.UTF_8).split("\n")) {
        Ack ack = Ack.parse(line);
        acks.add(ack);
        onAck.accept(ack);
      }
    }
  }

  private static String readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("connection closed");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
