package io.millrace.server;

import io.millrace.api.ApiMetrics;
import io.millrace.api.auth.Authenticator;
import io.millrace.api.tls.TlsSettings;
import io.millrace.api.wire.FrontDoor;
import io.millrace.api.wire.OperationRouter;
import io.millrace.datastreams.DataStreams;
import io.millrace.datastreams.lease.Leases;
import io.millrace.datastreams.telemetry.ClientMetrics;
import io.millrace.ingest.Ingest;
import io.millrace.ingest.IngestSettings;
import io.millrace.ingest.edge.EdgeAgent;
import io.millrace.ingest.metrics.IngestMetrics;
import io.millrace.ingest.rtsp.client.RtspPuller;
import io.millrace.ingest.rtsp.datagram.DatagramPorts;
import io.millrace.ingest.rtsp.server.RtspMetrics;
import io.millrace.ingest.rtsp.server.RtspServer;
import io.millrace.ingest.signaling.Signaling;
import io.millrace.ingest.source.SecretBox;
import io.millrace.ingest.source.SourceRoutes;
import io.millrace.ingest.source.Sources;
import io.millrace.ingest.source.libav.LibavPuller;
import io.millrace.ingest.webrtc.WebRtc;
import io.millrace.ingest.webrtc.WebRtcSettings;
import io.millrace.ingest.webrtc.metrics.WebRtcMetrics;
import io.millrace.playback.Playback;
import io.millrace.playback.frame.WorkerCommand;
import io.millrace.server.config.DataStreamsConfig;
import io.millrace.server.config.HttpSettings;
import io.millrace.server.config.IngestConfig;
import io.millrace.server.config.LeaseConfig;
import io.millrace.server.config.PlaybackConfig;
import io.millrace.server.config.RtspConfig;
import io.millrace.server.config.Settings;
import io.millrace.server.config.SignalingConfig;
import io.millrace.server.config.SourceConfig;
import io.millrace.server.config.StartFailure;
import io.millrace.server.config.StoreConfig;
import io.millrace.server.config.WebRtcConfig;
import io.millrace.server.health.Readiness;
import io.millrace.server.health.Readiness.State;
import io.millrace.server.metrics.Exposition;
import io.millrace.server.page.DemoPage;
import io.millrace.server.tls.Certificates;
import io.millrace.store.StoreException;
import io.millrace.store.local.Store;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Constructor calls in path order: what is opened first is closed last. */
final class Wiring {
  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(30);
  private static final long EXPIRE_MILLIS = 60_000;

  private final Teardown teardown;
  private final InstantSource clock = InstantSource.system();
  private final SecureRandom random = new SecureRandom();
  private final Readiness readiness = new Readiness();
  private final HttpSettings http;
  private final Path data;
  private final Vertx vertx;
  private final @Nullable Certificates certificates;
  private final FrontDoor door;
  private final Optional<RtspServer> rtsp;
  private final RtspMetrics rtspCounters = new RtspMetrics();
  private final DatagramPorts datagrams =
      new DatagramPorts(
          Thread.ofPlatform().daemon().name("rtsp-udp").factory(), rtspCounters.droppedDatagrams);

  private Wiring(Settings settings, Teardown teardown) {
    this.teardown = teardown;
    http = HttpSettings.read(settings);
    data = Path.of(settings.text("data")).toAbsolutePath();
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(http.door().instances()));
    teardown.add("vertx", () -> await(vertx.close(), OPEN_LIMIT));

    Exposition metrics = new Exposition(vertx);
    teardown.add("metrics", metrics);
    StoreConfig storeConfig = StoreConfig.read(settings);
    Store store = openStore(storeConfig);
    teardown.add("store", store);
    long sweepMillis = storeConfig.sweepInterval().toMillis();
    vertx.setPeriodic(sweepMillis, sweepMillis, timer -> sweep(store));
    metrics.room("store", store.metrics(), Set.of("directIo", "openNanos"));
    metrics.streams(store.catalog(), settings.number("metrics.max-streams", 0, 100_000));

    ApiMetrics apiMetrics = new ApiMetrics();
    OperationRouter router =
        new OperationRouter(vertx, http.router(), Authenticator.acceptAll(), apiMetrics, random);
    metrics.requests(apiMetrics);
    readiness.register(router);
    metrics.register(router);
    new DemoPage().register(router);

    IngestMetrics ingestMetrics = new IngestMetrics();
    metrics.producers(ingestMetrics);
    IngestSettings ingestSettings =
        IngestConfig.read(settings, this::publicUrl, data.resolve("spool"));
    Ingest ingest =
        new Ingest(store.catalog(), store.table("sending"), ingestSettings, ingestMetrics, clock);
    await(ingest.explainCrash(), OPEN_LIMIT);
    ingest.register(router);

    Sources sources = openSources(store, settings, ingest);
    new SourceRoutes(sources).register(router);
    metrics.sources(sources);
    EdgeAgent edge =
        new EdgeAgent(
            vertx,
            store.table("edge"),
            sources,
            store.catalog(),
            SourceConfig.edge(settings, ingestSettings.control()),
            clock);
    edge.register(router);
    ingest.onStreamDeleted(edge::deleted);

    Signaling signaling =
        new Signaling(
            vertx,
            store.table("signaling"),
            store.catalog(),
            SignalingConfig.read(settings, this::publicUrl, this::tlsPort),
            clock,
            random);
    metrics.room("signaling", signaling.metrics(), Set.of("masters", "viewers", "storageSessions"));
    vertx.setPeriodic(EXPIRE_MILLIS, EXPIRE_MILLIS, timer -> signaling.sweep());

    DataStreamsConfig dataConfig = DataStreamsConfig.read(settings);
    DataStreams dataStreams = openDataStreams(store, dataConfig);
    dataStreams.register(router);
    metrics.dataStreams(dataStreams, settings.number("metrics.max-data-streams", 0, 100_000));

    Leases leases = new Leases(store.table("leases"), LeaseConfig.read(settings), clock, random);
    leases.register(router);
    metrics.room("leases", leases.metrics(), Set.of());
    long expireMillis = settings.duration("leases.sweep-interval").toMillis();
    vertx.setPeriodic(expireMillis, expireMillis, timer -> leases.sweep());

    ClientMetrics clientMetrics =
        new ClientMetrics(
            settings.number("metrics.max-client-series", 0, 1_000_000),
            settings.intBytes("metrics.max-client-body"));
    clientMetrics.register(router);
    metrics.clients(clientMetrics);

    Playback playback =
        new Playback(
            vertx,
            store.catalog(),
            PlaybackConfig.read(settings, nativeCache()),
            clock,
            random,
            this::publicUrl,
            Thread.ofPlatform().daemon().name("frame-decoder-", 0).factory());
    teardown.add("playback", playback);
    metrics.playback(playback.metrics());
    playback.register(router);

    Optional<WebRtc> webRtc = openWebRtc(settings, ingest, playback, metrics);
    webRtc.ifPresent(opened -> opened.register(router));
    webRtc.ifPresent(opened -> signaling.storeWith(opened.peers()));
    signaling.register(router);

    rtsp = openRtsp(settings, ingest, playback, metrics);

    certificates = http.secure().port().isPresent() ? certificates() : null;
    TlsSettings tls = certificates == null ? null : certificates.listener();
    door = await(FrontDoor.open(vertx, http.door(), tls, router), OPEN_LIMIT);
    if (certificates != null) {
      renewNowAndThen(certificates);
    }
    sources.start();
    edge.start();
    door.onShutdown(sources::drain);
    webRtc.ifPresent(opened -> door.onShutdown(opened::drain));
    rtsp.ifPresent(opened -> door.onShutdown(opened::close));
    door.onShutdown(ingest::drain);
    door.onShutdown(signaling::drain);
    door.onShutdown(
        () -> {
          playback.drain();
          dataStreams.drain();
          return Future.succeededFuture();
        });
    teardown.add("door", () -> await(door.shutdown(http.shutdownGrace()), OPEN_LIMIT));
  }

  /**
   * Opens everything.
   *
   * @throws StartFailure after closing again what had been opened
   */
  static Wiring connect(Settings settings) {
    Teardown teardown = new Teardown();
    try {
      Wiring wiring = new Wiring(settings, teardown);
      wiring.readiness.become(State.READY);
      return wiring;
    } catch (RuntimeException e) {
      teardown.run();
      throw e;
    }
  }

  private Store openStore(StoreConfig config) {
    try {
      return Store.open(
          config.store(),
          data,
          clock,
          random,
          Thread.ofPlatform().daemon().name("store-", 0).factory());
    } catch (IOException | StoreException e) {
      throw new StartFailure("cannot use the data folder " + data + ": " + e.getMessage(), e);
    }
  }

  private Sources openSources(Store store, Settings settings, Ingest ingest) {
    byte[] key = KeyFile.readOrMake(SourceConfig.keyFile(settings, data), random);
    return new Sources(
        vertx,
        store.table("sources"),
        new SecretBox(key, random),
        List.of(
            new RtspPuller(ingest.feeds(), SourceConfig.rtsp(settings), clock, random, datagrams),
            new LibavPuller(
                ingest.feeds(),
                SourceConfig.libav(settings),
                this::launchWorker,
                Thread.ofPlatform().daemon().name("source-worker-", 0).factory(),
                clock)),
        SourceConfig.read(settings),
        clock,
        random);
  }

  private Process launchWorker(Class<?> main, long heapBytes) throws IOException {
    return new ProcessBuilder(WorkerCommand.of(main, heapBytes, nativeCache()))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private Optional<RtspServer> openRtsp(
      Settings settings, Ingest ingest, Playback playback, Exposition metrics) {
    metrics.room("rtsp", rtspCounters, Set.of("connections", "pushing", "playing"));
    Optional<RtspServer> opened =
        RtspConfig.read(settings, http.door().instances())
            .map(
                config ->
                    await(
                        RtspServer.open(
                            vertx,
                            config,
                            ingest.feeds(),
                            new OutboundFrames(playback.readings()),
                            datagrams,
                            rtspCounters,
                            clock,
                            random),
                        OPEN_LIMIT));
    opened.ifPresent(server -> teardown.add("rtsp", () -> await(server.close(), OPEN_LIMIT)));
    return opened;
  }

  private Optional<WebRtc> openWebRtc(
      Settings settings, Ingest ingest, Playback playback, Exposition metrics) {
    Optional<WebRtcSettings> wanted = WebRtcConfig.read(settings);
    WebRtcMetrics counters = new WebRtcMetrics();
    metrics.room("webrtc", counters, Set.of("connected", "pending"));
    Optional<WebRtc> opened =
        wanted.map(
            config ->
                await(
                    WebRtc.open(
                        vertx,
                        config,
                        ingest.feeds(),
                        new OutboundFrames(playback.readings()),
                        clock,
                        random,
                        new WebRtc.Threads(
                            Thread.ofPlatform().daemon().name("webrtc-port").factory(),
                            Thread.ofVirtual().name("dtls-", 0).factory()),
                        counters),
                    OPEN_LIMIT));
    opened.ifPresent(webRtc -> teardown.add("webrtc", () -> await(webRtc.close(), OPEN_LIMIT)));
    return opened;
  }

  private DataStreams openDataStreams(Store store, DataStreamsConfig config) {
    try {
      DataStreams opened =
          new DataStreams(store.logs(), store.table("data-streams"), config.room(), clock, random);
      opened.initialize(config.initialStreams());
      long lookMillis = config.room().scaling().interval().toMillis();
      vertx.setPeriodic(lookMillis, lookMillis, timer -> opened.scaler().run());
      vertx.setPeriodic(EXPIRE_MILLIS, EXPIRE_MILLIS, timer -> opened.sweep());
      return opened;
    } catch (StoreException e) {
      throw new StartFailure("cannot open the data streams: " + e.getMessage(), e);
    }
  }

  private Certificates certificates() {
    return new Certificates(http.secure(), data.resolve("tls"), http.publicUrl(), clock, random);
  }

  private void renewNowAndThen(Certificates current) {
    vertx.setPeriodic(
        http.secure().reloadInterval().toMillis(),
        timer ->
            vertx
                .executeBlocking(current::changed)
                .compose(tls -> tls.isPresent() ? door.renew(tls.get()) : Future.succeededFuture())
                .onFailure(
                    failure ->
                        LOG.warn(
                            "event=certificate_not_renewed message=\"{}\"", failure.getMessage())));
  }

  private static void sweep(Store store) {
    store
        .sweep()
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn("event=sweep_failed message=\"{}\"", failure.getMessage());
              }
            });
  }

  String localUrl() {
    int port = http.door().port();
    return "http://127.0.0.1:" + (port == 0 ? door.port() : port);
  }

  Optional<String> localTlsUrl() {
    OptionalInt port = door.tlsPort();
    return port.isPresent()
        ? Optional.of("https://127.0.0.1:" + port.getAsInt())
        : Optional.empty();
  }

  Optional<String> localRtspUrl() {
    return rtsp.map(server -> "rtsp://127.0.0.1:" + server.port());
  }

  private OptionalInt tlsPort() {
    return door.tlsPort();
  }

  Optional<Path> trustFile() {
    return Optional.ofNullable(certificates).flatMap(Certificates::trustFile);
  }

  String publicUrl() {
    return http.publicUrl().isEmpty() ? localUrl() : http.publicUrl();
  }

  Path nativeCache() {
    return data.resolve("native");
  }

  void onClose(String name, AutoCloseable close) {
    teardown.add(name, close);
  }

  void close() {
    readiness.become(State.DRAINING);
    teardown.run();
  }

  private static <T> T await(Future<T> future, Duration limit) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailure("interrupted", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StartFailure(String.valueOf(cause.getMessage()), cause);
    } catch (TimeoutException e) {
      throw new StartFailure("not done within " + limit.toSeconds() + " s", e);
    }
  }
}
