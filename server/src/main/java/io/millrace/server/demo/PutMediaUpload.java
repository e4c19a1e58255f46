package io.millrace.server.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * One PutMedia connection over plain HTTP/1.1, as a camera's firmware would make it: chunks out,
 * acknowledgements in, both at once. Writes from one thread.
 */
final class PutMediaUpload implements AutoCloseable {
  private final Socket socket;
  private final OutputStream out;
  private final WritableByteChannel channel;
  private volatile boolean ended;

  PutMediaUpload(URI endpoint, String stream) throws IOException {
    socket = new Socket(endpoint.getHost(), endpoint.getPort());
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
    channel = Channels.newChannel(out);
    String head =
        "POST /putMedia HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: chunked\r\n"
                .formatted(endpoint.getAuthority())
            + "x-amzn-stream-name: %s\r\n".formatted(stream)
            + "x-amzn-fragment-timecode-type: ABSOLUTE\r\n\r\n";
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.flush();
    Thread.ofVirtual().name("acks-" + stream).start(this::readAcks);
  }

  /** Sends one chunk; fails when the server has ended the session. */
  void send(ByteBuffer bytes) throws IOException {
    if (ended) {
      throw new IOException("the server ended the session");
    }
    out.write(
        (Integer.toHexString(bytes.remaining()) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    channel.write(bytes);
    out.write('\r');
    out.write('\n');
    out.flush();
  }

  /** A refusal or an ERROR ack ends the session; everything else needs no answer. */
  private void readAcks() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.contains("\"ERROR\"") || line.startsWith("HTTP/1.1 4") || line.equals("0")) {
          break;
        }
      }
    } catch (IOException e) {
      // The sender meets the same broken connection and starts anew.
    }
    ended = true;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
