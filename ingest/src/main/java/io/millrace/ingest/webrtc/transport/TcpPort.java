package io.millrace.ingest.webrtc.transport;

import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Passive ICE-TCP (RFC 6544) for peers whose network has no UDP: packets with a length before them
 * (RFC 4571). The first packet must be a request to a peer we know.
 */
public final class TcpPort {
  private final NetServer server;
  private final PeerTable peers;
  private final WebRtcMetrics metrics;
  private final TcpSettings settings;
  private final Vertx vertx;
  private final AtomicInteger connections = new AtomicInteger();

  private TcpPort(
      Vertx vertx, NetServer server, PeerTable peers, TcpSettings settings, WebRtcMetrics metrics) {
    this.vertx = vertx;
    this.server = server;
    this.peers = peers;
    this.settings = settings;
    this.metrics = metrics;
  }

  /**
   * Opens the port.
   *
   * @param address port 0 takes a free one
   */
  public static Future<TcpPort> open(
      Vertx vertx,
      InetSocketAddress address,
      PeerTable peers,
      TcpSettings settings,
      WebRtcMetrics metrics) {
    NetServer server = vertx.createNetServer(new NetServerOptions().setTcpNoDelay(true));
    TcpPort port = new TcpPort(vertx, server, peers, settings, metrics);
    server.connectHandler(port::connected);
    return server
        .listen(
            SocketAddress.inetSocketAddress(
                address.getPort(), address.getAddress().getHostAddress()))
        .map(port);
  }

  public int port() {
    return server.actualPort();
  }

  private void connected(NetSocket socket) {
    if (connections.incrementAndGet() > settings.maxConnections()) {
      connections.decrementAndGet();
      var unused = socket.close();
      return;
    }
    socket.setWriteQueueMaxSize(settings.maxQueuedBytes());
    InetSocketAddress remote =
        new InetSocketAddress(socket.remoteAddress().hostAddress(), socket.remoteAddress().port());
    TcpConnection connection = new TcpConnection(socket, remote, peers, metrics);
    socket.handler(connection::bytes);
    socket.exceptionHandler(failure -> socket.close());
    long timer =
        vertx.setTimer(
            settings.claimTimeout().toMillis(),
            id -> {
              if (!connection.isClaimed()) {
                var unused = socket.close();
              }
            });
    socket.closeHandler(
        closed -> {
          connections.decrementAndGet();
          vertx.cancelTimer(timer);
        });
  }

  public Future<Void> close() {
    return server.close();
  }
}
