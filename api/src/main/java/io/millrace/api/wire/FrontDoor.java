package io.millrace.api.wire;

import io.millrace.api.logging.LogLine;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.Http2ServerConfig;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerBuilder;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP listeners: HTTP/1.1 and HTTP/2 (prior knowledge or upgrade) on one port, served by as
 * many event loops as there are instances. Every limit is set explicitly; the library's defaults
 * are too small for presigned URLs and too strict for clients that cancel often.
 */
public final class FrontDoor {
  private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

  private final Vertx vertx;
  private final FrontDoorSettings settings;
  private final Handler<HttpServerRequest> handler;
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final List<Supplier<Future<Void>>> shutdownHooks = new CopyOnWriteArrayList<>();

  private FrontDoor(Vertx vertx, FrontDoorSettings settings, Handler<HttpServerRequest> handler) {
    this.vertx = vertx;
    this.settings = settings;
    this.handler = handler;
  }

  /**
   * Starts listening.
   *
   * @param handler usually an {@link OperationRouter}
   * @return the open door; fails when the port is taken
   */
  public static Future<FrontDoor> open(
      Vertx vertx, FrontDoorSettings settings, Handler<HttpServerRequest> handler) {
    FrontDoor door = new FrontDoor(vertx, settings, handler);
    return vertx
        .deployVerticle(door::listener, new DeploymentOptions().setInstances(settings.instances()))
        .map(door);
  }

  /** The port clients connect to. */
  public int port() {
    return servers.getFirst().actualPort();
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
    HttpServer server = clearText().build();
    server.requestHandler(handler);
    server.exceptionHandler(
        failure -> LOG.debug("{}", LogLine.of("connection_failed").with("message", failure)));
    servers.add(server);
    // A negative port is a free one that all instances of the deployment share.
    return new Listener(server, settings.port() == 0 ? -1 : settings.port(), settings.host());
  }

  /** A TLS listener differs in the options added to this builder only. */
  private HttpServerBuilder clearText() {
    return vertx.httpServerBuilder().with(config());
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

  /** Binds a server to an event loop of its own. */
  private static final class Listener extends VerticleBase {
    private final HttpServer server;
    private final int port;
    private final String host;

    Listener(HttpServer server, int port, String host) {
      this.server = server;
      this.port = port;
      this.host = host;
    }

    @Override
    public Future<?> start() {
      return server.listen(port, host);
    }
  }
}
