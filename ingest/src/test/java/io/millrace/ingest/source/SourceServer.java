package io.millrace.ingest.source;

import io.millrace.api.ApiMetrics;
import io.millrace.api.auth.Authenticator;
import io.millrace.api.wire.FrontDoor;
import io.millrace.api.wire.FrontDoorSettings;
import io.millrace.api.wire.OperationRouter;
import io.millrace.api.wire.RouterSettings;
import io.millrace.store.local.Store;
import io.millrace.store.local.StoreSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Sources over a real store and behind a real front door; their cameras are scripted. */
public final class SourceServer implements AutoCloseable {
  private static final byte[] KEY = new byte[SecretBox.KEY_BYTES];

  public final Vertx vertx = Vertx.vertx();
  public final ScriptedPuller puller = new ScriptedPuller();
  public final Store store;
  public final Sources sources;

  /** For what is to be served beside the sources, before {@link #listen}. */
  public final OperationRouter router;

  private final InstantSource clock;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private int port;

  public SourceServer(Path data, SourceSettings settings, InstantSource clock) throws Exception {
    this.clock = clock;
    store = Store.open(StoreSettings.DEFAULTS, data, clock, new SplittableRandom(1), Thread::new);
    sources = sources(settings);
    router =
        new OperationRouter(
            vertx,
            RouterSettings.defaults(),
            Authenticator.acceptAll(),
            new ApiMetrics(),
            new SplittableRandom(3));
    new SourceRoutes(sources).register(router);
  }

  /** Sources over the same table and cameras, as after a restart. */
  Sources sources(SourceSettings settings) {
    return new Sources(
        vertx,
        store.table("sources"),
        new SecretBox(KEY, new SecureRandom()),
        List.of(puller),
        settings,
        clock,
        new SplittableRandom(2));
  }

  public SourceServer listen() throws Exception {
    FrontDoorSettings any = FrontDoorSettings.on("127.0.0.1", 0);
    port = done(FrontDoor.open(vertx, any, router)).port();
    return this;
  }

  public HttpResponse<String> call(String method, String path, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  public static <T> T done(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    done(sources.drain());
    done(vertx.close());
    store.close();
  }
}
