package io.millrace.tests.records;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** A SubscribeToShard answer over HTTP/1.1, read message by message. */
public final class EventStreamSocket implements AutoCloseable {
  private final Socket socket;
  private final DataInputStream in;
  private int leftInChunk;

  /** Subscribes; {@code position} is the JSON of a StartingPosition. */
  public EventStreamSocket(int port, String consumerArn, String shard, String position)
      throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    String body =
        "{\"ConsumerARN\":\"%s\",\"ShardId\":\"%s\",\"StartingPosition\":%s}"
            .formatted(consumerArn, shard, position);
    OutputStream out = socket.getOutputStream();
    out.write(
        """
        POST / HTTP/1.1\r
        Host: 127.0.0.1\r
        X-Amz-Target: Kinesis_20131202.SubscribeToShard\r
        Content-Type: application/x-amz-json-1.1\r
        Content-Length: %d\r
        \r
        %s"""
            .formatted(body.length(), body)
            .getBytes(StandardCharsets.US_ASCII));
    out.flush();
    String status = HttpLine.read(in);
    while (!HttpLine.read(in).isEmpty()) {
      continue;
    }
    if (!status.contains(" 200")) {
      throw new IOException(status);
    }
  }

  /** Hands over the payload of each event until the stream or the connection ends. */
  public void read(Consumer<byte[]> events) throws IOException {
    while (true) {
      int total = integer();
      int headers = integer();
      skip(4 + headers);
      byte[] payload = bytes(total - headers - 16);
      skip(4);
      events.accept(payload);
    }
  }

  private int integer() throws IOException {
    byte[] four = bytes(4);
    return (four[0] & 0xff) << 24 | (four[1] & 0xff) << 16 | (four[2] & 0xff) << 8 | four[3] & 0xff;
  }

  private void skip(int count) throws IOException {
    bytes(count);
  }

  private byte[] bytes(int count) throws IOException {
    byte[] bytes = new byte[count];
    int done = 0;
    while (done < count) {
      if (leftInChunk == 0) {
        leftInChunk = Integer.parseInt(HttpLine.read(in), 16);
        if (leftInChunk == 0) {
          throw new IOException("the stream ended");
        }
      }
      int piece = Math.min(count - done, leftInChunk);
      in.readFully(bytes, done, piece);
      done += piece;
      leftInChunk -= piece;
      if (leftInChunk == 0) {
        HttpLine.read(in);
      }
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
