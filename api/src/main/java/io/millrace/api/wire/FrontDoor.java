package io.millrace.api.wire;

import io.millrace.api.logging.LogLine;
import io.millrace.api.tls.PrefaceTls;
import io.millrace.api.tls.TlsSettings;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.Http2ServerConfig;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.WebSocketServerConfig;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP listeners: HTTP/1.1 and HTTP/2 on one plain port (prior knowledge or upgrade) and, where
 * wanted, on one TLS port (negotiated or not, see {@link PrefaceTls}), with one handler for
 * everything, served by as many event loops as there are instances. Every limit is set explicitly;
 * the library's defaults are too small for presigned URLs and too strict for clients that cancel
 * often.
 */
public final class FrontDoor {
  /** A negative port is a free one that all instances of the deployment share. */
  private static final int FREE_PORT = -1;

  private static final int FREE_TLS_PORT = -2;

  /** The sub-protocol that some clients of signaling ask for; others ask for none. */
  private static final String WEB_SOCKET_PROTOCOL = "wss";

  private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

  private final Vertx vertx;
  private final FrontDoorSettings settings;
  private final Handler<HttpServerRequest> handler;
  private final @Nullable TlsSettings tls;
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final List<HttpServer> tlsServers = new CopyOnWriteArrayList<>();
  private final List<Supplier<Future<Void>>> shutdownHooks = new CopyOnWriteArrayList<>();

  private FrontDoor(
      Vertx vertx,
      FrontDoorSettings settings,
      @Nullable TlsSettings tls,
      Handler<HttpServerRequest> handler) {
    this.vertx = vertx;
    this.settings = settings;
    this.tls = tls;
    this.handler = handler;
  }

  /** Starts listening without TLS. */
  public static Future<FrontDoor> open(
      Vertx vertx, FrontDoorSettings settings, Handler<HttpServerRequest> handler) {
    return open(vertx, settings, null, handler);
  }

  /**
   * Starts listening.
   *
   * @param tls the TLS listener beside the plain one, null for none
   * @param handler usually an {@link OperationRouter}
   * @return the open door; fails when a port is taken or the certificate cannot be used
   */
  public static Future<FrontDoor> open(
      Vertx vertx,
      FrontDoorSettings settings,
      @Nullable TlsSettings tls,
      Handler<HttpServerRequest> handler) {
    FrontDoor door = new FrontDoor(vertx, settings, tls, handler);
    return vertx
        .deployVerticle(door::listener, new DeploymentOptions().setInstances(settings.instances()))
        .map(door);
  }

  /** The port clients connect to. */
  public int port() {
    return servers.getFirst().actualPort();
  }

  /** The port TLS clients connect to, if there is one. */
  public OptionalInt tlsPort() {
    return tlsServers.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(tlsServers.getFirst().actualPort());
  }

  /**
   * Lets new TLS connections have another certificate; open ones keep theirs.
   *
   * @return fails, and nothing changes, when the certificate cannot be used
   */
  public Future<Void> renew(TlsSettings renewed) {
    List<Future<Boolean>> updates = new ArrayList<>();
    for (HttpServer server : tlsServers) {
      updates.add(server.updateSSLOptions(sslOptions(renewed)));
    }
    return Future.all(updates).mapEmpty();
  }

  /**
   * Adds what ends long streams when the door closes; called once, as soon as no new connection is
   * accepted. The grace time runs meanwhile.
   */
  public void onShutdown(Supplier<Future<Void>> hook) {
    shutdownHooks.add(hook);
  }

  /**
   * Accepts no more connections, asks long streams to end, waits for requests in flight and cuts
   * what is left after the grace time.
   */
  public Future<Void> shutdown(Duration grace) {
    List<Future<Void>> closing = new ArrayList<>();
    for (HttpServer server : servers) {
      closing.add(server.shutdown(grace));
    }
    for (HttpServer server : tlsServers) {
      closing.add(server.shutdown(grace));
    }
    List<Future<Void>> ending = new ArrayList<>();
    for (Supplier<Future<Void>> hook : shutdownHooks) {
      ending.add(Future.<Void>succeededFuture().compose(start -> hook.get()));
    }
    return Future.join(ending)
        .onFailure(failure -> LOG.warn("{}", LogLine.of("drain_failed"), failure))
        .transform(ended -> Future.join(closing))
        .mapEmpty();
  }

  private Listener listener() {
    HttpServer plain = prepared(vertx.httpServerBuilder().with(config()).build());
    servers.add(plain);
    List<Binding> bindings = new ArrayList<>();
    bindings.add(new Binding(plain, settings.port() == 0 ? FREE_PORT : settings.port()));
    if (tls != null) {
      HttpServer secure =
          prepared(
              vertx
                  .httpServerBuilder()
                  .with(config())
                  .with(sslOptions(tls))
                  .with(new PrefaceTls(tls.prefaceLimit()))
                  .build());
      tlsServers.add(secure);
      bindings.add(new Binding(secure, tls.port() == 0 ? FREE_TLS_PORT : tls.port()));
    }
    return new Listener(bindings, settings.host());
  }

  private HttpServer prepared(HttpServer server) {
    server.requestHandler(handler);
    server.exceptionHandler(
        failure -> LOG.debug("{}", LogLine.of("connection_failed").with("message", failure)));
    return server;
  }

  private static ServerSSLOptions sslOptions(TlsSettings tls) {
    return new ServerSSLOptions()
        .setKeyCertOptions(
            new PemKeyCertOptions().setCertValue(tls.certificatePem()).setKeyValue(tls.keyPem()))
        .setSslHandshakeTimeout(tls.handshakeLimit().toMillis())
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
  }

  private HttpServerConfig config() {
    HttpServerConfig config =
        new HttpServerConfig()
            .setVersions(HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1, HttpVersion.HTTP_2)
            .setTcpHost(settings.host())
            .setHandle100ContinueAutomatically(false)
            .setIdleTimeout(settings.idleTimeout())
            .setHttp1Config(
                new Http1ServerConfig()
                    .setMaxInitialLineLength(settings.maxInitialLineBytes())
                    .setMaxHeaderSize(settings.maxHeaderBytes())
                    .setMaxChunkSize(settings.maxChunkBytes()))
            .setWebSocketConfig(
                new WebSocketServerConfig()
                    .setSubProtocols(List.of(WEB_SOCKET_PROTOCOL))
                    // What a compressed message grows to could not be bounded.
                    .setUsePerFrameCompression(false)
                    .setUsePerMessageCompression(false)
                    .setMaxFrameSize(settings.maxWebSocketMessageBytes())
                    .setMaxMessageSize(settings.maxWebSocketMessageBytes()))
            .setHttp2Config(
                new Http2ServerConfig()
                    .setConnectionWindowSize(settings.connectionWindowBytes())
                    .setRstFloodMaxRstFramePerWindow(settings.maxResetsPer30s())
                    .setRstFloodWindowDuration(Duration.ofSeconds(30))
                    .setInitialSettings(
                        new Http2Settings()
                            .setInitialWindowSize(settings.streamWindowBytes())
                            .setMaxConcurrentStreams(settings.maxConcurrentStreams())
                            .setMaxHeaderListSize(settings.maxHeaderBytes())));
    config.getTcpConfig().getTransportConfig().setSendBufferSize(settings.sendBufferBytes());
    return config;
  }

  /** A server and where it listens. */
  private record Binding(HttpServer server, int port) {}

  /** Binds a plain server and its TLS twin to an event loop of their own. */
  private static final class Listener extends VerticleBase {
    private final List<Binding> bindings;
    private final String host;

    Listener(List<Binding> bindings, String host) {
      this.bindings = bindings;
      this.host = host;
    }

    @Override
    public Future<?> start() {
      List<Future<HttpServer>> listening = new ArrayList<>();
      for (Binding binding : bindings) {
        listening.add(binding.server().listen(binding.port(), host));
      }
      return Future.all(listening);
    }
  }
}
