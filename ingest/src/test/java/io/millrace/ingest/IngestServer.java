package io.millrace.ingest;

import io.millrace.api.ApiMetrics;
import io.millrace.api.auth.Authenticator;
import io.millrace.api.wire.FrontDoor;
import io.millrace.api.wire.FrontDoorSettings;
import io.millrace.api.wire.OperationRouter;
import io.millrace.api.wire.RouterSettings;
import io.millrace.ingest.control.ControlSettings;
import io.millrace.ingest.feed.FeedSettings;
import io.millrace.ingest.metrics.IngestMetrics;
import io.millrace.ingest.putmedia.PutMediaSettings;
import io.millrace.ingest.upload.UploadSettings;
import io.millrace.store.fragment.FragmentEntry;
import io.millrace.store.local.Store;
import io.millrace.store.local.StoreSettings;
import io.millrace.store.stream.StreamCatalog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** This room over a real store and behind a real front door. */
public final class IngestServer implements AutoCloseable {
  /** When every upload arrives. */
  public static final Instant ARRIVAL = Instant.parse("2026-11-21T08:00:00Z");

  public final Vertx vertx = Vertx.vertx();
  public final IngestMetrics metrics = new IngestMetrics();
  public final Ingest ingest;
  public final FrontDoor door;
  public final StreamCatalog catalog;
  private final Store store;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public static IngestServer open(Path data) throws Exception {
    return open(data, PutMediaSettings.defaults(), catalog -> catalog);
  }

  /**
   * @param wrap puts something between ingest and the store
   */
  public static IngestServer open(
      Path data, PutMediaSettings settings, UnaryOperator<StreamCatalog> wrap) throws Exception {
    return open(data, settings, UploadSettings.defaults(data.resolve("spool")), wrap);
  }

  /** The same with other limits for uploads. */
  public static IngestServer open(
      Path data,
      PutMediaSettings settings,
      UploadSettings upload,
      UnaryOperator<StreamCatalog> wrap)
      throws Exception {
    Store store =
        Store.open(
            new StoreSettings(
                false,
                StoreSettings.DEFAULTS.engine(),
                StoreSettings.DEFAULTS.catalog(),
                StoreSettings.DEFAULTS.tables()),
            data,
            InstantSource.system(),
            new SplittableRandom(11),
            Thread::new);
    return new IngestServer(store, wrap.apply(store.catalog()), settings, upload);
  }

  private IngestServer(
      Store store, StreamCatalog catalog, PutMediaSettings settings, UploadSettings upload)
      throws Exception {
    this.store = store;
    this.catalog = catalog;
    OperationRouter router =
        new OperationRouter(
            vertx,
            RouterSettings.defaults(),
            Authenticator.acceptAll(),
            new ApiMetrics(),
            new SplittableRandom(12));
    ingest =
        new Ingest(
            catalog,
            store.table("sending"),
            new IngestSettings(
                ControlSettings.defaults(() -> "http://media.example:8080"),
                settings,
                upload,
                FeedSettings.defaults()),
            metrics,
            InstantSource.fixed(ARRIVAL));
    ingest.register(router);
    door = await(FrontDoor.open(vertx, FrontDoorSettings.on("127.0.0.1", 0), router));
  }

  public static <T> T await(Future<T> future) throws Exception {
    return await(future.toCompletionStage());
  }

  public static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  /** Makes a stream that keeps its data for a day. */
  public IngestServer withStream(String name) throws Exception {
    await(
        catalog.create(
            new StreamCatalog.NewStream(
                name, 24, Optional.empty(), Optional.empty(), Optional.empty(), "HOT", Map.of())));
    return this;
  }

  /** Durable fragments of a stream, in number order. */
  public List<FragmentEntry> fragments(String stream) throws Exception {
    return await(catalog.fragments(stream).after(null, 10_000, Duration.ofMillis(1)));
  }

  public ByteBuffer payload(String stream, FragmentEntry entry) throws Exception {
    return await(catalog.fragments(stream).read(entry));
  }

  /** Posts JSON to an operation's path. */
  public HttpResponse<String> post(String path, String json) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + path))
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() throws Exception {
    await(vertx.close());
    store.close();
  }
}
