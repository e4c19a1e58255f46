package io.millrace.ingest.rtsp.client;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.datagram.DatagramSocketOptions;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Two neighbouring UDP ports for RTP and RTCP that hear one host only. */
final class UdpPair {
  private static final int FIRST_PORT = 20_000;
  private static final int PAIRS = 20_000;
  private static final int ATTEMPTS = 20;
  private static final int RECEIVE_BUFFER = 2 << 20;

  private final DatagramSocket rtp;
  private final DatagramSocket rtcp;
  private final int port;

  private UdpPair(DatagramSocket rtp, DatagramSocket rtcp, int port) {
    this.rtp = rtp;
    this.rtcp = rtcp;
    this.port = port;
  }

  /** Opens a pair on a local address. */
  static Future<UdpPair> open(Vertx vertx, String localHost, RandomGenerator random) {
    return open(vertx, localHost, random, ATTEMPTS);
  }

  private static Future<UdpPair> open(
      Vertx vertx, String localHost, RandomGenerator random, int attempts) {
    int port = FIRST_PORT + 2 * random.nextInt(PAIRS);
    DatagramSocketOptions options =
        new DatagramSocketOptions().setReceiveBufferSize(RECEIVE_BUFFER);
    DatagramSocket first = vertx.createDatagramSocket(options);
    DatagramSocket second = vertx.createDatagramSocket(new DatagramSocketOptions());
    return first
        .listen(port, localHost)
        .compose(bound -> second.listen(port + 1, localHost))
        .map(bound -> new UdpPair(first, second, port))
        .recover(
            taken -> {
              var unused = Future.join(first.close(), second.close());
              return attempts <= 1
                  ? Future.failedFuture(taken)
                  : open(vertx, localHost, random, attempts - 1);
            });
  }

  /** Port of RTP; that of RTCP is the next. */
  int port() {
    return port;
  }

  /** Hands on what comes from a host; what comes from elsewhere is ignored. */
  void receive(String host, Consumer<ByteBuffer> media, Consumer<ByteBuffer> control) {
    rtp.handler(
        packet -> {
          if (packet.sender().hostAddress().equals(host)) {
            media.accept(ByteBuffer.wrap(packet.data().getBytes()));
          }
        });
    rtcp.handler(
        packet -> {
          if (packet.sender().hostAddress().equals(host)) {
            control.accept(ByteBuffer.wrap(packet.data().getBytes()));
          }
        });
  }

  /** Sends a media packet: opens the way through a firewall. */
  void sendMedia(byte[] packet, String host, int toPort) {
    var unused = rtp.send(Buffer.buffer(packet), toPort, host);
  }

  void sendControl(byte[] packet, String host, int toPort) {
    var unused = rtcp.send(Buffer.buffer(packet), toPort, host);
  }

  void close() {
    var unused = Future.join(rtp.close(), rtcp.close());
  }
}
