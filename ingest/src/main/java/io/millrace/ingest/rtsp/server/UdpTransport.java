package io.millrace.ingest.rtsp.server;

import io.millrace.ingest.rtsp.datagram.DatagramPort;
import io.millrace.ingest.rtsp.datagram.DatagramPorts;
import io.millrace.ingest.rtsp.message.RtspStatus;
import io.millrace.ingest.rtsp.message.TransportHeader;
import io.millrace.ingest.rtsp.request.RequestRefused;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Packets as datagrams, between a pair of ports here and one at the client. */
final class UdpTransport implements MediaTransport {
  /**
   * Where sessions get their ports.
   *
   * @param datagrams opens and reads them
   * @param bufferBytes wanted size of the buffers of each
   */
  record Ports(UdpPorts range, DatagramPorts datagrams, int bufferBytes) {}

  /** Other programs may use ports of the range. */
  private static final int ATTEMPTS = 50;

  private final DatagramPort rtp;
  private final DatagramPort rtcp;
  private final int port;
  private final UdpPorts ports;
  private final TransportHeader.Pair clientPorts;
  private final boolean record;
  private final RtspMetrics metrics;
  private final InetSocketAddress rtpTo;
  private final InetSocketAddress rtcpTo;
  private boolean closed;

  /**
   * Whether a sender is the client: by its address and the port that it named, as soon as that
   * speaks. Until then by the first port that does, since behind NAT it is another. Further ones
   * are of somebody else at the same address.
   */
  private static final class Sender implements Predicate<InetSocketAddress> {
    private final InetAddress client;
    private final int named;
    private final RtspMetrics metrics;
    private int heard;

    Sender(InetAddress client, int named, RtspMetrics metrics) {
      this.client = client;
      this.named = named;
      this.metrics = metrics;
    }

    @Override
    public boolean test(InetSocketAddress from) {
      boolean wanted = from.getAddress().equals(client);
      if (wanted && (from.getPort() == named || heard == 0)) {
        heard = from.getPort();
      }
      if (!wanted || from.getPort() != heard) {
        metrics.strayDatagrams.increment();
        return false;
      }
      return true;
    }
  }

  private UdpTransport(
      DatagramPort rtp,
      DatagramPort rtcp,
      int port,
      UdpPorts ports,
      InetAddress client,
      TransportHeader.Pair clientPorts,
      boolean record,
      RtspMetrics metrics) {
    this.rtp = rtp;
    this.rtcp = rtcp;
    this.port = port;
    this.ports = ports;
    this.clientPorts = clientPorts;
    rtpTo = new InetSocketAddress(client, clientPorts.rtp());
    rtcpTo = new InetSocketAddress(client, clientPorts.rtcp());
    this.record = record;
    this.metrics = metrics;
  }

  /**
   * Opens a pair of ports; to be called on the connection's event loop.
   *
   * @param local address that the client connected to
   * @param client address that the client connected from; datagrams from others are ignored, and
   *     those from other ports of it once it spoke
   * @throws RequestRefused when no ports are left
   */
  static UdpTransport open(
      Ports ports,
      Context context,
      String local,
      String client,
      TransportHeader offered,
      TransportHeader.Pair clientPorts,
      RtspMetrics metrics,
      Receiver receiver) {
    InetAddress here = address(local);
    InetAddress there = address(client);
    for (int i = 0; i < ATTEMPTS; i++) {
      int port = ports.range().take().orElseThrow(UdpTransport::noPorts);
      @Nullable DatagramPort rtp = null;
      try {
        rtp =
            ports
                .datagrams()
                .open(
                    new InetSocketAddress(here, port),
                    ports.bufferBytes(),
                    context,
                    new Sender(there, clientPorts.rtp(), metrics),
                    receiver::rtp);
        DatagramPort rtcp =
            ports
                .datagrams()
                .open(
                    new InetSocketAddress(here, port + 1),
                    ports.bufferBytes(),
                    context,
                    new Sender(there, clientPorts.rtcp(), metrics),
                    receiver::rtcp);
        return new UdpTransport(
            rtp, rtcp, port, ports.range(), there, clientPorts, offered.record(), metrics);
      } catch (IOException e) {
        // Another program uses it.
        if (rtp != null) {
          rtp.close();
        }
        ports.range().giveBack(port);
      }
    }
    throw noPorts();
  }

  private static RequestRefused noPorts() {
    return new RequestRefused(RtspStatus.NOT_ENOUGH_BANDWIDTH, "No UDP ports are left; use TCP");
  }

  /** Of an address as the system writes it; nothing is looked up. */
  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("no address: " + literal, e);
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
    send(rtp, packet, rtpTo);
  }

  @Override
  public void sendRtcp(ByteBuffer compound) {
    send(rtcp, compound, rtcpTo);
  }

  /** A datagram that cannot be sent is one that is lost: the reports of the client tell. */
  private void send(DatagramPort from, ByteBuffer packet, InetSocketAddress to) {
    if (closed) {
      return;
    }
    metrics.packetsSent.increment();
    metrics.bytesSent.add(packet.remaining());
    from.send(packet, to);
  }

  @Override
  public Future<Void> flush() {
    return Future.succeededFuture();
  }

  @Override
  public void drain() {
    if (!closed) {
      rtp.drain();
      rtcp.drain();
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      rtp.close();
      rtcp.close();
      ports.giveBack(port);
    }
  }
}
