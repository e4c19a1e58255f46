package io.millrace.ingest.rtsp.client;

import io.millrace.ingest.rtsp.datagram.DatagramPort;
import io.millrace.ingest.rtsp.datagram.DatagramPorts;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Two neighbouring UDP ports for RTP and RTCP that hear one host only. */
final class UdpPair {
  private static final int FIRST_PORT = 20_000;
  private static final int PAIRS = 20_000;
  private static final int ATTEMPTS = 20;
  private static final int BUFFER_BYTES = 2 << 20;

  private final DatagramPort rtp;
  private final DatagramPort rtcp;
  private final InetAddress remote;
  private final int port;

  private UdpPair(DatagramPort rtp, DatagramPort rtcp, InetAddress remote, int port) {
    this.rtp = rtp;
    this.rtcp = rtcp;
    this.remote = remote;
    this.port = port;
  }

  /**
   * Opens a pair on a local address.
   *
   * @param connection to the host that is heard; what comes from elsewhere is ignored
   * @param media takes packets from there, on the context
   * @return fails if no pair is free
   */
  static Future<UdpPair> open(
      DatagramPorts datagrams,
      Context context,
      RtspConnection connection,
      RandomGenerator random,
      Consumer<ByteBuffer> media,
      Consumer<ByteBuffer> control) {
    try {
      InetAddress here = InetAddress.getByName(connection.localHost());
      InetAddress there = InetAddress.getByName(connection.remoteHost());
      return Future.succeededFuture(open(datagrams, context, here, there, random, media, control));
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
  }

  private static UdpPair open(
      DatagramPorts datagrams,
      Context context,
      InetAddress here,
      InetAddress there,
      RandomGenerator random,
      Consumer<ByteBuffer> media,
      Consumer<ByteBuffer> control)
      throws IOException {
    Predicate<InetSocketAddress> heard = from -> from.getAddress().equals(there);
    for (int attempt = 1; ; attempt++) {
      int port = FIRST_PORT + 2 * random.nextInt(PAIRS);
      @Nullable DatagramPort rtp = null;
      try {
        rtp =
            datagrams.open(new InetSocketAddress(here, port), BUFFER_BYTES, context, heard, media);
        DatagramPort rtcp =
            datagrams.open(
                new InetSocketAddress(here, port + 1), BUFFER_BYTES, context, heard, control);
        return new UdpPair(rtp, rtcp, there, port);
      } catch (IOException e) {
        if (rtp != null) {
          rtp.close();
        }
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Port of RTP; that of RTCP is the next. */
  int port() {
    return port;
  }

  /** Sends a media packet: opens the way through a firewall. */
  void sendMedia(byte[] packet, int toPort) {
    rtp.send(ByteBuffer.wrap(packet), new InetSocketAddress(remote, toPort));
  }

  void sendControl(byte[] packet, int toPort) {
    rtcp.send(ByteBuffer.wrap(packet), new InetSocketAddress(remote, toPort));
  }

  void close() {
    rtp.close();
    rtcp.close();
  }
}
