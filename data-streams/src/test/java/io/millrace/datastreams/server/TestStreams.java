package io.millrace.datastreams.server;

import io.millrace.api.ApiMetrics;
import io.millrace.api.auth.Authenticator;
import io.millrace.api.wire.FrontDoor;
import io.millrace.api.wire.FrontDoorSettings;
import io.millrace.api.wire.OperationRouter;
import io.millrace.api.wire.RouterSettings;
import io.millrace.datastreams.DataStreams;
import io.millrace.datastreams.DataStreamsSettings;
import io.millrace.datastreams.capacity.CapacitySettings;
import io.millrace.datastreams.control.ControlSettings;
import io.millrace.datastreams.stream.Account;
import io.millrace.store.local.Store;
import io.millrace.store.local.StoreSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/** A real store and a real listener with the calls of this room; its clock may be moved on. */
public final class TestStreams implements AutoCloseable {
  public static final Account ACCOUNT = new Account("000000000000", "us-east-1");

  private final Path directory;
  private final DataStreamsSettings settings;
  private final AtomicLong aheadMillis = new AtomicLong();
  private final InstantSource clock = () -> Instant.now().plusMillis(aheadMillis.get());
  private final Vertx vertx = Vertx.vertx();
  private Store store;
  private FrontDoor door;
  private DataStreams streams;
  private KinesisClient client;

  public TestStreams(DataStreamsSettings settings) throws Exception {
    this.directory = Files.createTempDirectory("data-streams");
    this.settings = settings;
    start();
  }

  /** Settings of a server whose owner owns the machine. */
  public static DataStreamsSettings unlimited() {
    return with(CapacitySettings.UNLIMITED, ControlSettings.unlimited(4), true);
  }

  /** Some settings that matter to tests, and the defaults. */
  public static DataStreamsSettings with(
      CapacitySettings capacity, ControlSettings control, boolean faults) {
    DataStreamsSettings all = DataStreamsSettings.aws(ACCOUNT);
    return new DataStreamsSettings(
        ACCOUNT,
        capacity,
        control,
        all.put(),
        all.read(),
        all.fanOut(),
        all.scaling(),
        all.maxBodyBytes(),
        faults);
  }

  private void start() throws Exception {
    store =
        Store.open(
            StoreSettings.DEFAULTS,
            directory,
            clock,
            new SplittableRandom(5),
            Thread.ofPlatform().daemon().name("store-", 0).factory());
    OperationRouter router =
        new OperationRouter(
            vertx,
            RouterSettings.defaults(),
            Authenticator.acceptAll(),
            new ApiMetrics(),
            new SplittableRandom(6));
    streams =
        new DataStreams(
            store.logs(), store.table("data-streams"), settings, clock, new SplittableRandom(7));
    streams.register(router);
    door = await(FrontDoor.open(vertx, FrontDoorSettings.on("127.0.0.1", 0), router));
    client =
        KinesisClient.builder()
            .endpointOverride(URI.create(url()))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
            .httpClientBuilder(
                UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(30)))
            .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(1)))
            .build();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  public String url() {
    return "http://127.0.0.1:" + door.port();
  }

  public KinesisClient client() {
    return client;
  }

  public DataStreams streams() {
    return streams;
  }

  /** Moves server time on. */
  public void advance(Duration by) {
    aheadMillis.addAndGet(by.toMillis());
  }

  public InstantSource clock() {
    return clock;
  }

  /** Stops everything and starts it again on the same directory. */
  public void restart() throws Exception {
    stop();
    start();
  }

  private void stop() throws Exception {
    client.close();
    streams.drain();
    await(door.shutdown(Duration.ofSeconds(1)));
    store.close();
  }

  /** A plain request; the body is sent as it is. */
  public HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Override
  public void close() throws Exception {
    stop();
    await(vertx.close());
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
