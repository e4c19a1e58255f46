package io.millrace.ingest.rtsp.server;

import io.millrace.ingest.feed.Feed;
import io.millrace.ingest.feed.Feeds;
import io.millrace.ingest.outbound.FrameSource;
import io.millrace.ingest.rtsp.auth.ServerAuthentication;
import io.millrace.ingest.rtsp.datagram.DatagramPorts;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/** The listener, served by as many event loops as there are instances. */
public final class RtspServer {
  /**
   * A negative port is a free one that all servers of the process that name it share; -1 and -2 are
   * those of HTTP.
   */
  private static final int FREE_PORT = -3;

  private final RtspEnvironment environment;
  private final Places connections;
  private final List<NetServer> servers = new CopyOnWriteArrayList<>();
  private final Set<RtspConnection> open = ConcurrentHashMap.newKeySet();

  private RtspServer(RtspEnvironment environment) {
    this.environment = environment;
    connections = new Places(environment.settings().maxConnections());
  }

  /**
   * Starts listening.
   *
   * @param feeds where pushed frames go
   * @param frames where frames for readers come from
   * @param datagrams opens the ports of UDP; stays the caller's
   * @param clock server time
   * @param random thread-safe and not to be guessed
   * @return fails when the port is taken
   */
  public static Future<RtspServer> open(
      Vertx vertx,
      RtspSettings settings,
      Feeds feeds,
      FrameSource frames,
      DatagramPorts datagrams,
      RtspMetrics metrics,
      InstantSource clock,
      RandomGenerator random) {
    RtspServer server =
        new RtspServer(
            new RtspEnvironment(
                vertx,
                settings,
                feeds,
                frames,
                new ServerAuthentication(
                    settings.credentials(), settings.nonceLifetime(), clock, random),
                new UdpTransport.Ports(
                    new UdpPorts(settings.minUdpPort(), settings.maxUdpPort()),
                    datagrams,
                    settings.udpBufferBytes()),
                new Places(settings.maxSessions()),
                metrics,
                clock,
                random));
    return vertx
        .deployVerticle(
            server::listener, new DeploymentOptions().setInstances(settings.instances()))
        .map(server);
  }

  private VerticleBase listener() {
    return new VerticleBase() {
      @Override
      public Future<?> start() {
        RtspSettings settings = environment.settings();
        NetServer server =
            vertx.createNetServer(new NetServerOptions().setTcpNoDelay(true).setTcpKeepAlive(true));
        servers.add(server);
        server.connectHandler(RtspServer.this::connected);
        return server.listen(settings.port() == 0 ? FREE_PORT : settings.port(), settings.host());
      }
    };
  }

  /** The port clients connect to. */
  public int port() {
    return servers.getFirst().actualPort();
  }

  private void connected(NetSocket socket) {
    if (!connections.take()) {
      environment.metrics().refusedForLimits.increment();
      var unused = socket.close();
      return;
    }
    environment.metrics().connections.increment();
    RtspConnection connection = new RtspConnection(environment, socket);
    open.add(connection);
    connection
        .ended()
        .onComplete(
            done -> {
              open.remove(connection);
              connections.giveBack();
              environment.metrics().connections.decrement();
            });
  }

  /** Accepts nothing more and ends every session; what was pushed is stored. */
  public Future<Void> close() {
    List<Future<Void>> closing = new ArrayList<>();
    servers.forEach(server -> closing.add(server.close()));
    open.forEach(connection -> closing.add(connection.close(Feed.End.SERVER_ENDED)));
    return Future.join(closing).mapEmpty();
  }
}
