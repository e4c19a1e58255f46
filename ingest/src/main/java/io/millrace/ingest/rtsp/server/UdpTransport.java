package io.millrace.ingest.rtsp.server;

import io.millrace.ingest.rtsp.message.RtspStatus;
import io.millrace.ingest.rtsp.message.TransportHeader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.datagram.DatagramSocketOptions;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/** Packets as datagrams, between a pair of ports here and one at the client. */
final class UdpTransport implements MediaTransport {
  /** Other programs may use ports of the range. */
  private static final int ATTEMPTS = 50;

  private final DatagramSocket rtp;
  private final DatagramSocket rtcp;
  private final int port;
  private final UdpPorts ports;
  private final String client;
  private final TransportHeader.Pair clientPorts;
  private final boolean record;
  private final RtspMetrics metrics;
  private final Sender rtpSender;
  private final Sender rtcpSender;
  private boolean closed;

  /**
   * Which port of the client is heard: the one that it named, as soon as that speaks. Until then
   * the first that does, since behind NAT it is another. Further ones are of somebody else at the
   * same address.
   */
  private static final class Sender {
    private final int named;
    private int heard;

    Sender(int named) {
      this.named = named;
    }

    boolean isHeard(int port) {
      if (port == named || heard == 0) {
        heard = port;
      }
      return port == heard;
    }
  }

  private UdpTransport(
      DatagramSocket rtp,
      DatagramSocket rtcp,
      int port,
      UdpPorts ports,
      String client,
      TransportHeader.Pair clientPorts,
      boolean record,
      RtspMetrics metrics) {
    this.rtp = rtp;
    this.rtcp = rtcp;
    this.port = port;
    this.ports = ports;
    this.client = client;
    this.clientPorts = clientPorts;
    this.record = record;
    this.metrics = metrics;
    rtpSender = new Sender(clientPorts.rtp());
    rtcpSender = new Sender(clientPorts.rtcp());
  }

  /**
   * Opens a pair of ports; to be called on the connection's event loop.
   *
   * @param bufferBytes wanted receive buffer of each port
   * @param local address that the client connected to
   * @param client address that the client connected from; datagrams from others are ignored, and
   *     those from other ports of it once it spoke
   * @return fails with {@link RequestRefused} when no ports are left
   */
  static Future<UdpTransport> open(
      Vertx vertx,
      int bufferBytes,
      UdpPorts ports,
      String local,
      String client,
      TransportHeader offered,
      TransportHeader.Pair clientPorts,
      RtspMetrics metrics,
      Receiver receiver) {
    DatagramSocketOptions options =
        new DatagramSocketOptions()
            .setReceiveBufferSize(bufferBytes)
            .setIpV6(local.indexOf(':') >= 0);
    return bind(vertx, options, ports, local, ATTEMPTS)
        .map(
            pair -> {
              UdpTransport transport =
                  new UdpTransport(
                      pair.rtp,
                      pair.rtcp,
                      pair.port,
                      ports,
                      client,
                      clientPorts,
                      offered.record(),
                      metrics);
              pair.rtp.handler(packet -> transport.take(packet, receiver, false));
              pair.rtcp.handler(packet -> transport.take(packet, receiver, true));
              return transport;
            });
  }

  private record Bound(DatagramSocket rtp, DatagramSocket rtcp, int port) {}

  private static Future<Bound> bind(
      Vertx vertx, DatagramSocketOptions options, UdpPorts ports, String local, int attempts) {
    OptionalInt port = attempts == 0 ? OptionalInt.empty() : ports.take();
    if (port.isEmpty()) {
      return Future.failedFuture(
          new RequestRefused(RtspStatus.NOT_ENOUGH_BANDWIDTH, "No UDP ports are left; use TCP"));
    }
    int first = port.getAsInt();
    DatagramSocket rtp = vertx.createDatagramSocket(new DatagramSocketOptions(options));
    DatagramSocket rtcp = vertx.createDatagramSocket(new DatagramSocketOptions(options));
    return rtp.listen(first, local)
        .compose(bound -> rtcp.listen(first + 1, local))
        .map(bound -> new Bound(rtp, rtcp, first))
        .recover(
            taken -> {
              var unused = Future.all(rtp.close(), rtcp.close());
              ports.giveBack(first);
              return bind(vertx, options, ports, local, attempts - 1);
            });
  }

  private void take(DatagramPacket packet, Receiver receiver, boolean control) {
    Sender sender = control ? rtcpSender : rtpSender;
    if (!packet.sender().hostAddress().equals(client) || !sender.isHeard(packet.sender().port())) {
      metrics.strayDatagrams.increment();
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(packet.data().getBytes());
    if (control) {
      receiver.rtcp(bytes);
    } else {
      receiver.rtp(bytes);
    }
  }

  @Override
  public TransportHeader header() {
    return new TransportHeader(
        false,
        false,
        record,
        null,
        clientPorts,
        new TransportHeader.Pair(port, port + 1),
        OptionalInt.empty());
  }

  @Override
  public boolean ordered() {
    return false;
  }

  @Override
  public void sendRtp(ByteBuffer packet) {
    send(rtp, packet, clientPorts.rtp());
  }

  @Override
  public void sendRtcp(ByteBuffer compound) {
    send(rtcp, compound, clientPorts.rtcp());
  }

  /** A datagram that cannot be sent is one that is lost: the reports of the client tell. */
  private void send(DatagramSocket from, ByteBuffer packet, int to) {
    if (closed) {
      return;
    }
    byte[] bytes = new byte[packet.remaining()];
    packet.duplicate().get(bytes);
    metrics.packetsSent.increment();
    metrics.bytesSent.add(bytes.length);
    var unused = from.send(Buffer.buffer(bytes), to, client);
  }

  @Override
  public Future<Void> flush() {
    return Future.succeededFuture();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Future.join(rtp.close(), rtcp.close()).onComplete(done -> ports.giveBack(port));
    }
  }
}
