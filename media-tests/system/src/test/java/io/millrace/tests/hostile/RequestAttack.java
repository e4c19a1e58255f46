package io.millrace.tests.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.List;

/** Requests of RTSP that are none, or that no state allows. */
final class RequestAttack implements Attack {
  private static final int PER_CONNECTION = 8;
  private static final int PATIENCE_MILLIS = 20;
  private static final List<String> METHODS =
      List.of("OPTIONS", "DESCRIBE", "ANNOUNCE", "SETUP", "PLAY", "RECORD", "TEARDOWN", "BREW");

  private final URI rtsp;
  private final Junk junk;

  RequestAttack(URI rtsp, Junk junk) {
    this.rtsp = rtsp;
    this.junk = junk;
  }

  @Override
  public String kind() {
    return "broken RTSP requests";
  }

  @Override
  public long run(long packets, Pace pace) {
    long sent = 0;
    while (sent < packets) {
      int count = (int) Math.min(PER_CONNECTION, packets - sent);
      ByteArrayOutputStream requests = new ByteArrayOutputStream();
      for (int i = 0; i < count; i++) {
        requests.writeBytes(request());
      }
      try (Socket socket = new Socket(rtsp.getHost(), rtsp.getPort())) {
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.getOutputStream().write(requests.toByteArray());
        if (junk.below(4) == 0) {
          socket.getInputStream().read(new byte[4096]);
        }
      } catch (IOException e) {
        // Hung up, or nothing to say: both are right.
      }
      sent += count;
      pace.sent(count);
    }
    return sent;
  }

  private byte[] request() {
    String method = METHODS.get(junk.below(METHODS.size()));
    String url = rtsp + "/live/nobody";
    String whole = method + " " + url + " RTSP/1.0\r\nCSeq: 1\r\nSession: 12\r\n\r\n";
    return switch (junk.below(9)) {
      case 0 -> junk.bytes(1 + junk.below(2000));
      case 1 -> "OPTIONS * RTSP/1.0\r\nContent-Length: 999999999\r\n\r\n".getBytes(ISO_8859_1);
      case 2 -> "OPTIONS * RTSP/1.0\r\nContent-Length: -1\r\n\r\n".getBytes(ISO_8859_1);
      case 3 -> "x".repeat(9000).getBytes(ISO_8859_1);
      case 4 -> ("OPTIONS * RTSP/1.0\r\n" + "A: b\r\n".repeat(200)).getBytes(ISO_8859_1);
      case 5 -> (method + " " + "/".repeat(4000) + "%00%ff RTSP/9.9\r\n\r\n").getBytes(ISO_8859_1);
      case 6 ->
          ("ANNOUNCE "
                  + url
                  + " RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 20\r\n\r\nm=video m=v=0\r\na=rt")
              .getBytes(ISO_8859_1);
      case 7 -> whole.getBytes(ISO_8859_1);
      default -> junk.mutated(whole.getBytes(ISO_8859_1));
    };
  }
}
